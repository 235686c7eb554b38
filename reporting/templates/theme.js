// Light or dark: as the system has it until the button says otherwise.
(function () {
  'use strict';
  var root = document.documentElement, button = document.getElementById('theme');
  var system = window.matchMedia('(prefers-color-scheme: dark)');

  function stored() {
    try { return localStorage.getItem('theme'); } catch (error) { return null; }
  }

  function isDark() {
    return root.dataset.theme ? root.dataset.theme === 'dark' : system.matches;
  }

  function show() {
    button.setAttribute('aria-pressed', String(isDark()));
    document.dispatchEvent(new Event('theme'));
  }

  if (stored() === 'dark' || stored() === 'light') {
    root.dataset.theme = stored();
  }
  button.addEventListener('click', function () {
    root.dataset.theme = isDark() ? 'light' : 'dark';
    try { localStorage.setItem('theme', root.dataset.theme); } catch (error) { /* private */ }
    show();
  });
  system.addEventListener('change', show);
  show();
}());
