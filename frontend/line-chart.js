// A thin element over Chart.js: lines against time, a unit, a crosshair, gaps shown as gaps. Data comes from the server as JSON.

const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function size(bytes) {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  let at = 0;
  let value = bytes;
  while (Math.abs(value) >= 1024 && at < units.length - 1) { value /= 1024; at += 1; }
  return `${value >= 100 || Number.isInteger(value) ? value.toFixed(0) : value.toFixed(1)} ${units[at]}`;
}
const show = (value, unit) => (value === null ? 'no data' : unit === 'bytes' ? size(value) : unit === 'fraction' ? `${(value * 100).toFixed(1)} %` : unit === 'count' ? `${Number.isInteger(value) ? value : value.toFixed(1)}` : unit === 's' && value !== 0 && Math.abs(value) < 1 ? `${(value * 1000).toFixed(value < 0.01 ? 1 : 0)} ms` : `${value.toFixed(1)} ${unit}`);
const tick = (value, unit) => (unit === 'bytes' ? size(value) : unit === 'fraction' ? `${Math.round(value * 100)} %` : unit === 'tokens/s' ? `${Number(value.toPrecision(2))}` : unit === 'count' ? (Number.isInteger(value) ? `${value}` : '') : unit === 's' ? (value === 0 ? '0' : show(value, unit)) : `${Number(value.toFixed(1))} ${unit}`);

const crosshair = {
  id: 'crosshair',
  afterDraw(chart) {
    const active = chart.tooltip?.getActiveElements?.() ?? [];
    if (!active.length) return;
    const { ctx, chartArea } = chart;
    ctx.save();
    ctx.strokeStyle = css('--rh-line-strong');
    ctx.setLineDash([3, 3]);
    ctx.beginPath();
    ctx.moveTo(active[0].element.x, chartArea.top);
    ctx.lineTo(active[0].element.x, chartArea.bottom);
    ctx.stroke();
    ctx.restore();
  },
};

class LineChart extends HTMLElement {
  connectedCallback() {
    if (!this.canvas) {
      this.canvas = document.createElement('canvas');
      this.canvas.setAttribute('role', 'img');
      this.append(this.canvas);
    }
    this.watch = new MutationObserver(() => this.draw());
    this.watch.observe(document.documentElement, { attributes: true, attributeFilter: ['theme'] });
    if (this.data) this.draw();
  }
  disconnectedCallback() {
    this.watch?.disconnect();
    this.chart?.destroy();
    this.chart = null;
  }
  show(data) {
    this.data = data;
    if (this.isConnected) this.draw();
  }
  draw() {
    if (!this.data || !window.Chart) return;
    const { series, unit, label } = this.data;
    this.canvas.setAttribute('aria-label', label);
    const datasets = series.slice(0, 5).map((s, i) => ({
      label: s.name, data: s.points, borderColor: css(`--rh-series-${i + 1}`), backgroundColor: css(`--rh-series-${i + 1}`),
      borderWidth: 1.5, pointRadius: 0, pointHitRadius: 8, spanGaps: false, tension: 0,
    }));
    const time = (t) => new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' }).format(new Date(t));
    const font = { family: css('--rh-mono'), size: 11 };
    const config = {
      type: 'line', data: { datasets }, plugins: [crosshair],
      options: {
        animation: false, responsive: true, maintainAspectRatio: false, parsing: false, normalized: true,
        interaction: { mode: 'index', intersect: false },
        scales: {
          x: { type: 'linear', grid: { display: false }, border: { color: css('--rh-line') }, ticks: { color: css('--rh-text-3'), font, maxRotation: 0, autoSkipPadding: 24, callback: time } },
          y: { beginAtZero: true, max: this.data.limit ?? undefined, grid: { color: css('--rh-line') }, border: { display: false }, ticks: { color: css('--rh-text-3'), font, maxTicksLimit: 5, precision: unit === 'count' ? 0 : undefined, callback: (v) => tick(v, unit) } },
        },
        plugins: {
          legend: { display: datasets.length > 1, align: 'start', labels: { color: css('--rh-text-2'), boxWidth: 12, boxHeight: 2, font: { family: css('--rh-sans'), size: 12 } } },
          tooltip: { callbacks: { title: (items) => new Date(items[0].parsed.x).toLocaleString(), label: (c) => `${c.dataset.label}: ${show(c.parsed.y, unit)}` } },
        },
      },
    };
    if (datasets.length) { const xs = datasets.flatMap((d) => d.data.map((p) => p.x)); config.options.scales.x.min = Math.min(...xs); config.options.scales.x.max = Math.max(...xs); }
    this.chart?.destroy();
    this.chart = new window.Chart(this.canvas, config);
  }
}
customElements.define('rh-line-chart', LineChart);
