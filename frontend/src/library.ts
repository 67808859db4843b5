/** The library and the page of one piece of it. Without this script uploads, folders and descriptions work by forms. */

import { bringing } from "./library/bringing";
import { goOn } from "./library/fetching";
import { picking } from "./library/picking";
import { piece } from "./library/piece";

bringing();
goOn();
picking();
piece();
