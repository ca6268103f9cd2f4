// What the browser does by itself: theme, shortcuts, ages that tick, copying. No rule, no data.

const THEME = 'rackhouse.theme';

function applyTheme(choice) {
  const dark = choice === 'dark' || (choice === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('theme', dark ? 'dark' : '');
  document.documentElement.style.colorScheme = dark ? 'dark' : 'light';
}
const storedTheme = () => localStorage.getItem(THEME) ?? 'dark';
applyTheme(storedTheme());
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => applyTheme(storedTheme()));

window.rackhouse = {
  nextTheme() {
    const order = ['dark', 'light', 'system'];
    const next = order[(order.indexOf(storedTheme()) + 1) % order.length];
    localStorage.setItem(THEME, next);
    applyTheme(next);
    return next;
  },
  copy(text) {
    if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
    const area = document.createElement('textarea');
    area.value = text;
    area.style.position = 'fixed';
    area.style.opacity = '0';
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
    return Promise.resolve();
  },
  download(name, type, text) {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([text], { type }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  },
};

const typing = (e) => e.composedPath().some((t) => t instanceof HTMLElement && (t.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(t.tagName)));

document.addEventListener('keydown', (e) => {
  const palette = document.querySelector('.palette');
  if ((e.key === 'k' && (e.ctrlKey || e.metaKey)) || (e.key === '/' && !e.ctrlKey && !e.metaKey && !typing(e))) {
    e.preventDefault();
    if (!palette) document.querySelector('.shell-search')?.click();
    return;
  }
  if (!palette) return;
  const hits = [...palette.querySelectorAll('.palette-hit')];
  const at = hits.indexOf(document.activeElement);
  if (e.key === 'ArrowDown' && hits.length) { e.preventDefault(); hits[Math.min(at + 1, hits.length - 1)].focus(); }
  if (e.key === 'ArrowUp' && at > 0) { e.preventDefault(); hits[at - 1].focus(); }
  if (e.key === 'ArrowUp' && at === 0) { e.preventDefault(); palette.querySelector('vaadin-text-field')?.focus(); }
  if (e.key === 'Enter' && at < 0 && hits.length) { e.preventDefault(); hits[0].click(); }
});
document.addEventListener('click', (e) => {
  const shell = document.querySelector('.shell');
  if (e.composedPath().some((t) => t.classList?.contains('shell-menu-button'))) shell?.classList.toggle('nav-open');
  else shell?.classList.remove('nav-open');
});

function ago(seconds) {
  if (seconds < 10) return 'just now';
  if (seconds < 90) return `${Math.round(seconds)} s ago`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min ago`;
  if (seconds < 36 * 3600) return `${Math.round(seconds / 3600)} h ago`;
  return `${Math.round(seconds / 86400)} days ago`;
}
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const day = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' });

class Age extends HTMLElement {
  static observedAttributes = ['at', 'source'];
  connectedCallback() { ages.add(this); this.draw(); }
  disconnectedCallback() { ages.delete(this); }
  attributeChangedCallback() { this.draw(); }
  draw() {
    const at = new Date(this.getAttribute('at'));
    if (Number.isNaN(at.getTime())) return;
    const source = this.getAttribute('source');
    const text = ago(Math.max(0, (Date.now() - at) / 1000)) + (source ? ` · ${source}` : '');
    if (this.textContent !== text) this.textContent = text;
    this.title = exact.format(at);
  }
}
const ages = new Set();
setInterval(() => ages.forEach((a) => a.draw()), 5000);
customElements.define('rh-age', Age);

class Time extends HTMLElement {
  static observedAttributes = ['at'];
  attributeChangedCallback() {
    const at = new Date(this.getAttribute('at'));
    if (Number.isNaN(at.getTime())) return;
    this.textContent = Date.now() - at < 12 * 3600_000 && at.getDate() === new Date().getDate() ? clock.format(at) : day.format(at);
    this.title = exact.format(at);
  }
}
customElements.define('rh-time', Time);

class Elapsed extends HTMLElement {
  static observedAttributes = ['since', 'until'];
  connectedCallback() { elapsed.add(this); this.draw(); }
  disconnectedCallback() { elapsed.delete(this); }
  attributeChangedCallback() { this.draw(); }
  draw() {
    const since = new Date(this.getAttribute('since'));
    const until = this.hasAttribute('until') ? new Date(this.getAttribute('until')) : new Date();
    if (Number.isNaN(since.getTime())) return;
    const ms = Math.max(0, until - since);
    const s = Math.floor(ms / 1000);
    this.textContent = ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : s < 60 ? `${s} s` : s < 3600 ? `${Math.floor(s / 60)}:${String(s % 60).padStart(2, '0')}` : `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
  }
}
const elapsed = new Set();
setInterval(() => elapsed.forEach((a) => a.hasAttribute('until') || a.draw()), 1000);
customElements.define('rh-elapsed', Elapsed);

class Sparkline extends HTMLElement {
  static observedAttributes = ['values'];
  attributeChangedCallback() {
    const values = (this.getAttribute('values') || '').split(',').map((v) => (v === '' ? null : Number(v)));
    const known = values.filter((v) => v !== null && Number.isFinite(v));
    if (known.length < 2) { this.replaceChildren(); return; }
    const low = Math.min(0, ...known);
    const span = Math.max(...known) - low || 1;
    let path = '';
    values.forEach((v, i) => {
      if (v === null || !Number.isFinite(v)) { path += '|'; return; }
      const command = path === '' || path.endsWith('|') ? 'M' : 'L';
      path += `${command}${((i / (values.length - 1)) * 96).toFixed(1)} ${(22 - ((v - low) / span) * 20).toFixed(1)} `;
    });
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    svg.setAttribute('viewBox', '0 0 96 24');
    svg.setAttribute('width', '100%');
    svg.setAttribute('height', '100%');
    svg.setAttribute('aria-hidden', 'true');
    const line = document.createElementNS('http://www.w3.org/2000/svg', 'path');
    line.setAttribute('d', path.replaceAll('|', ''));
    line.setAttribute('fill', 'none');
    line.setAttribute('stroke', 'currentColor');
    line.setAttribute('stroke-width', '1.5');
    svg.append(line);
    this.replaceChildren(svg);
  }
}
customElements.define('rh-sparkline', Sparkline);
