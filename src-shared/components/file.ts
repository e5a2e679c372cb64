import type { Descriptor } from "./descriptor";
import { anything, choice, flag, integer, list, text } from "./keys";
import { recordsKey } from "./record-keys";

export const file: Descriptor = {
  type: "file",
  title: "File",
  category: "integrations",
  description: "Reads, writes and manages files of records or text.",
  icon: "file",
  config_schema: {
    type: "object",
    properties: {
      operation: choice("Operation", "What to do.", ["read", "write", "append", "list", "move", "delete"], {
        default: "read",
      }),
      path: text(
        "Path",
        "Relative to the workflow file's folder. With `list`, a folder, or a pattern such as `data/*.csv`.",
        {
          "x-field": "path",
          minLength: 1,
        },
      ),
      format: choice("Format", "Without it, the path's ending decides.", ["csv", "json", "jsonl", "parquet", "text"]),
      records: { ...recordsKey, description: "What `write` and `append` put into the file; without it, the input." },
      content: anything("Text", "With `format: text`: what is written; without it, the input."),
      to: text("To", "With `move`: the new path.", { "x-field": "path" }),
      overwrite: flag("Overwrite", "With `write` and `move`: replaces a file that is there.", { default: true }),
      columns: list("Columns", "Only these columns, in this order.", { type: "string" }),
      delimiter: text("Delimiter", "Of CSV; without it, found out when reading and a comma when writing.", {
        minLength: 1,
        maxLength: 1,
      }),
      header: flag("Header", "Whether CSV begins with the columns' names.", { default: true }),
      missing_ok: flag("May be missing", "With `delete` and `read`: a missing file is no failure.", { default: false }),
      memory_limit_mb: integer("Memory limit", "Megabytes for reading and sorting; beyond them it uses the disk.", {
        default: 256,
        minimum: 64,
        "x-tab": "limits",
      }),
    },
    required: ["operation", "path"],
  },
  output_schema: {
    description:
      "`read`: records, a dataset above 10,000, or text; `write`, `append`: {path, rows, bytes}; `list`: {path, name, bytes, modified} each; `move`: {path, from}; `delete`: {path, deleted}.",
  },
  ports: { input: true, success: true, error: true, conditional: true },
  defaults: { operation: "read", path: "" },
  pure: false,
  nature: "local",
  help: "Files lie in the workflow's folder, the workspace's `files`, or folders that were granted. A write goes to a file beside the target and is then renamed, so nobody ever sees half a file.",
  examples: [
    {
      title: "Write records as JSON lines",
      yaml: 'components:\n  - id: store_rejected\n    type: file\n    config:\n      operation: append\n      path: output/rejected.jsonl\n      records: "{{ input_data.rejected }}"\n',
    },
    {
      title: "Read a CSV file",
      yaml: "components:\n  - id: read_airports\n    type: file\n    config: {operation: read, path: data/airports.csv}\n",
    },
  ],
  summary: "{operation} {path}",
};
