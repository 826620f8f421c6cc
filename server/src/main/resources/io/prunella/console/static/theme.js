// Light and dark: the system's wish, until a person says otherwise.
export function startTheme(changed) {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  document.querySelector("[data-theme-toggle]")?.addEventListener("click", () => {
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : system.matches;
    root.dataset.theme = dark ? "light" : "dark";
    document.cookie = `prunella_theme=${root.dataset.theme};path=/;max-age=31536000;samesite=strict`;
    changed();
  });
  system.addEventListener("change", changed);
}
