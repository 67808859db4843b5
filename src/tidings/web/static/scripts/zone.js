// Fills the browser's own time zone into the fields that ask for it.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
for (const field of document.querySelectorAll("[data-browser-zone]")) {
  if (zone && !field.value) field.value = zone;
}
