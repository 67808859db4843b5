// Writes static/icons.svg: one symbol per icon, under the name our pages use for it (Lucide, ISC licence).
import { readFileSync, writeFileSync } from "node:fs";

const ICONS = {
  // places
  inbox: "inbox", calendar: "calendar-days", compose: "square-pen", attention: "bell-ring", media: "images", channels: "radio-tower", analytics: "chart-column",
  settings: "settings-2", home: "house", person: "circle-user-round", "sign-out": "log-out", members: "users",
  security: "shield-check", key: "key-round", switch: "chevrons-up-down", menu: "menu",
  // what a post or a delivery is just now
  "state-draft": "pencil-line", "state-review": "eye", "state-approved": "badge-check", "state-scheduled": "clock",
  "state-publishing": "loader-circle", "state-published": "circle-check-big", "state-partly": "circle-dot-dashed",
  "state-unsure": "circle-question-mark", "state-failed": "octagon-x", "state-held": "circle-pause",
  "state-cancelled": "ban", "state-waiting": "clock", "state-sending": "loader-circle",
  "state-settling": "loader-circle", "state-delivered": "circle-check-big", "state-overdue": "clock-alert",
  "state-gone": "eye-off",
  // acts
  add: "plus", close: "x", check: "check", search: "search", edit: "pencil", copy: "copy", remove: "trash-2",
  move: "calendar-clock", undo: "undo-2", retry: "rotate-cw", send: "send", more: "ellipsis", filter: "list-filter",
  link: "link", unlink: "unlink", external: "external-link", upload: "upload", download: "download", image: "image",
  film: "film", grip: "grip-vertical", up: "arrow-up", down: "arrow-down", left: "chevron-left",
  right: "chevron-right", "chevron-down": "chevron-down", poll: "chart-bar-decreasing", alt: "captions", eye: "eye",
  connect: "plug", pause: "pause", play: "play", mail: "mail", list: "list", week: "columns-3", month: "grid-3x3",
  sun: "sun", moon: "moon", system: "monitor", lock: "lock", note: "sticky-note", thread: "list-tree", split: "split",
  tag: "tag", select: "square-check-big", save: "save", offline: "cloud-off", cloud: "cloud-check", options: "sliders-horizontal",
  // below a post in its preview
  heart: "heart", thumb: "thumbs-up", vote: "arrow-big-up", star: "star", comment: "message-circle", reply: "reply",
  repeat: "repeat-2", share: "share-2", bookmark: "bookmark", views: "chart-no-axes-column",
  // what is done to text and pictures
  smile: "smile", crop: "crop", focus: "focus",
  folder: "folder", "folder-add": "folder-plus", tag: "tag",
  // moods of a message
  info: "info", success: "circle-check", warning: "triangle-alert", error: "octagon-alert", help: "circle-question-mark",
};

const inside = (name) =>
  readFileSync(`node_modules/lucide-static/icons/${name}.svg`, "utf8")
    .replace(/^[\s\S]*?<svg[^>]*>/, "")
    .replace("</svg>", "")
    .replace(/\s*\n\s*/g, "")
    .trim();
const symbol = ([name, from]) =>
  `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" ` +
  `stroke-linecap="round" stroke-linejoin="round">${inside(from)}</symbol>`;

writeFileSync(
  "../src/tidings/web/static/icons.svg",
  `<svg xmlns="http://www.w3.org/2000/svg"><!-- Lucide, https://lucide.dev, ISC licence -->\n` +
    Object.entries(ICONS).map(symbol).join("\n") + "\n</svg>\n",
);
