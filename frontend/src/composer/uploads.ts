/** Uploads into the library and then into the draft; progress is what the server confirmed. */

import { type Running, upload } from "../app/upload";
import type { Action } from "./state";
import type { Media, Page, UploadUnderWay } from "./types";
import { t } from "./words";

const running = new Map<string, Running>();
let made = 0;

export function begin(page: Page, part: string, tab: string, file: File, dispatch: (action: Action) => void): void {
  const key = `upload-${++made}`;
  const preview = file.type.startsWith("image/") ? URL.createObjectURL(file) : "";
  let shown: UploadUnderWay = { key, part, tab, name: file.name, size: file.size, sent: 0, preview, state: "sending", problem: "" };
  const show = (change: Partial<UploadUnderWay>): void => dispatch({ do: "upload", upload: (shown = { ...shown, ...change }) });
  const end = (): void => {
    running.delete(key);
    if (preview) URL.revokeObjectURL(preview);
    dispatch({ do: "upload-gone", key });
  };
  const words = { stopped: t("The upload stopped."), away: t("The server could not be reached.") };
  const one = upload<Media>(page.urls.api, file, {
    sent: (sent) => show({ sent }),
    looking: () => show({ sent: file.size, state: "looking" }),
    failed: (problem) => show({ state: "failed", problem }),
    done: (found) => {
      end();
      dispatch({ do: "library", media: [found] });
      dispatch({ do: "add-media", part, tab, media: found });
    },
  }, words);
  running.set(key, {
    start: () => { show({ state: "sending", problem: "" }); one.start(); },
    pause: one.pause,
    stop: () => { one.stop(); end(); },
  });
  running.get(key)?.start();
}

export const stop = (key: string): void => running.get(key)?.stop();
export const again = (key: string): void => running.get(key)?.start();
