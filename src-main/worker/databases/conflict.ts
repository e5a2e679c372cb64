import type { Json, JsonObject } from "@shared/base/json";
import { invalid, refuse } from "../behaviour";
import type { OnConflict } from "./changes";

/** Reads `on_conflict` and `key_columns`. */
export function readOnConflict(config: JsonObject, place: string): OnConflict {
  const what = config["on_conflict"] ?? "fail";
  if (what !== "fail" && what !== "ignore" && what !== "update")
    return refuse(invalid(`${place}.on_conflict is none of fail, ignore, update.`, `${place}.on_conflict`));
  const written = config["key_columns"] ?? [];
  const keys = (Array.isArray(written) ? (written as readonly Json[]) : [written]).map((key) =>
    typeof key === "string" && key !== ""
      ? key
      : refuse(invalid(`${place}.key_columns takes names of columns.`, `${place}.key_columns`)),
  );
  if (what !== "fail" && keys.length === 0)
    refuse(
      invalid(`With on_conflict: ${what}, ${place}.key_columns names the columns of the key.`, `${place}.key_columns`),
    );
  return { do: what, keys };
}
