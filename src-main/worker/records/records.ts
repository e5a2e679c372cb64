import type { Json, JsonObject } from "@shared/base/json";
import { isJsonObject } from "@shared/base/json";
import { invalid, refuse } from "../behaviour";
import { isDataset, type DatasetReference } from "./dataset";
import { kindOf, type Record } from "./json";

/** What a component works on: records in memory, or a dataset that lies in a file. */
export type Given =
  | { readonly kind: "records"; readonly records: readonly Record[] }
  | { readonly kind: "dataset"; readonly reference: DatasetReference };

/** `config.records`, else the input; refuses what is neither records nor a dataset. */
export function givenRecords(config: JsonObject, input: Json): Given {
  const named = config["records"] !== undefined;
  return given(named ? (config["records"] as Json) : input, named ? "config.records" : "the input");
}

/** `value` as records; `what` is its name in messages. */
export function given(value: Json, what: string): Given {
  if (isDataset(value)) return { kind: "dataset", reference: value };
  if (isJsonObject(value)) return { kind: "records", records: [value] };
  if (!Array.isArray(value))
    return refuse(invalid(`${capital(what)} is ${kindOf(value)}; records are a list of objects.`, what));
  const items = value as readonly Json[];
  const wrong = items.findIndex((item) => !isJsonObject(item));
  if (wrong >= 0) {
    return refuse(
      invalid(`Record ${wrong} of ${what} is ${kindOf(items[wrong])}; a record is an object.`, `${what}[${wrong}]`),
    );
  }
  return { kind: "records", records: items as readonly Record[] };
}

function capital(words: string): string {
  return words.startsWith("config") ? words : words.charAt(0).toUpperCase() + words.slice(1);
}

const grouped = new Intl.NumberFormat("en-US");

/** `1 record`, `412 records`, `1,204 records`. */
export function countWords(count: number, noun = "record"): string {
  // Most steps of most workflows have a handful, and asking for a locale takes longer than working on them.
  return `${count < 1000 ? count : grouped.format(count)} ${noun}${count === 1 ? "" : "s"}`;
}
