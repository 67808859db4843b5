/** Resumable uploads (tus 1.0) into the library and then into the draft; progress is what the server confirmed. */

import { Upload } from "tus-js-client";
import { ask, csrf } from "../app/request";
import type { Action } from "./state";
import type { Media, Page, UploadUnderWay } from "./types";
import { t } from "./words";

const CHUNK = 4_000_000;
const RETRIES = [0, 1000, 3000, 5000, 10_000, 20_000, 30_000, 60_000];
const stops = new Map<string, () => void>();
const starts = new Map<string, () => void>();
let made = 0;

export function begin(page: Page, part: string, tab: string, file: File, dispatch: (action: Action) => void): void {
  const key = `upload-${++made}`;
  const preview = file.type.startsWith("image/") ? URL.createObjectURL(file) : "";
  let shown: UploadUnderWay = { key, part, tab, name: file.name, size: file.size, sent: 0, preview, state: "sending", problem: "" };
  const show = (change: Partial<UploadUnderWay>): void => dispatch({ do: "upload", upload: (shown = { ...shown, ...change }) });
  const upload = new Upload(file, {
    endpoint: `${page.urls.api}/uploads`, chunkSize: CHUNK, retryDelays: RETRIES, removeFingerprintOnSuccess: true,
    metadata: { filename: file.name, filetype: file.type },
    onBeforeRequest: (request) => request.setHeader("X-CSRFToken", csrf()),
    onChunkComplete: (_size, sent) => show({ sent }),
    onError: () => show({ state: "failed", problem: t("The upload stopped.") }),
    onSuccess: () => {
      show({ sent: file.size, state: "looking" });
      void look(upload.url ?? "").then((found) => {
        if (typeof found === "string") return show({ state: "failed", problem: found });
        end(key, preview, dispatch);
        dispatch({ do: "library", media: [found] });
        dispatch({ do: "add-media", part, tab, media: found });
      });
    },
  });
  const start = (): void => {
    show({ state: "sending", problem: "" });
    void upload.findPreviousUploads().then((before) => {
      if (before[0]) upload.resumeFromPreviousUpload(before[0]);
      upload.start();
    });
  };
  stops.set(key, () => { void upload.abort(true).catch(() => undefined); end(key, preview, dispatch); });
  starts.set(key, start);
  start();
}

export const stop = (key: string): void => stops.get(key)?.();
export const again = (key: string): void => starts.get(key)?.();

function end(key: string, preview: string, dispatch: (action: Action) => void): void {
  stops.delete(key);
  starts.delete(key);
  if (preview) URL.revokeObjectURL(preview);
  dispatch({ do: "upload-gone", key });
}

/** What became of the bytes: media, or the reason why not. */
async function look(url: string): Promise<Media | string> {
  for (;;) {
    const outcome = await ask<{ media: Media | null; problem: string }>("GET", url);
    if (!outcome.ok) return outcome.trouble.detail || t("The server could not be reached.");
    if (outcome.value.media) return outcome.value.media;
    if (outcome.value.problem) return outcome.value.problem;
    await new Promise((resolve) => setTimeout(resolve, 700));
  }
}
