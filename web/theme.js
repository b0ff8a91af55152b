// Light or dark, decided before the first paint. src/shell/theme.tsx writes the choice that is read here.
(() => {
  let choice = null;
  try {
    choice = localStorage.getItem('lookaside.theme');
  } catch {
    // Storage is forbidden in this browser: then as the system says.
  }
  const dark = choice === 'dark' || (choice !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.classList.toggle('pf-v6-theme-dark', dark);
})();
