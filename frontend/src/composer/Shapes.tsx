/** The frames a network's look can name, each drawn once. */

import { Article, Letter, Topic } from "./ShapesLong";
import { Bubble, Chat, Note } from "./ShapesShort";
import { Card, Feed, Photo, Pin, Reel, Watch } from "./ShapesWide";
import type { Drawn } from "./ShapeParts";

export const SHAPES: Record<string, (props: Drawn) => preact.JSX.Element> = {
  note: Note,
  feed: Feed,
  photo: Photo,
  reel: Reel,
  watch: Watch,
  pin: Pin,
  card: Card,
  bubble: Bubble,
  chat: Chat,
  topic: Topic,
  article: Article,
  letter: Letter,
};
