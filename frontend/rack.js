// The rack: what depends on the thing under the pointer, or under the keyboard's focus, lights up.
function light(event) {
  const cell = event.target instanceof Element ? event.target.closest('.rack [data-id]') : null;
  document.querySelectorAll('.rack .lit').forEach((lit) => lit.classList.remove('lit'));
  if (!cell) return;
  const id = cell.getAttribute('data-id');
  cell.closest('.rack').querySelectorAll('[data-on]').forEach((other) => {
    if (other.getAttribute('data-on').split(' ').includes(id)) other.classList.add('lit');
  });
}
document.addEventListener('mouseover', light);
document.addEventListener('focusin', light);
