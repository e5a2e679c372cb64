// The walls of ARCHITECTURE.md, as rules. test/walls plants a fault behind each and sees it found.
const ladder = ["base", "expression", "components", "workflow", "execution", "debug", "bundle", "contract"];
const mainRooms = [
  "shell",
  "preload",
  "web",
  "api",
  "engine",
  "worker",
  "lab",
  "store",
  "library",
  "bundle",
  "server",
  "cli",
  "sample-api",
  "triggers",
  "trust",
];
/** Rooms that others may ask for types only (ports and facades). */
const only = (name, path, allowed) => ({
  name,
  severity: "error",
  from: { path: "^src-", pathNot: allowed },
  to: { path },
});

module.exports = {
  forbidden: [
    {
      name: "no-cycles",
      // A Svelte component may show itself inside itself (trees do): that import is no cycle between files.
      severity: "error",
      from: { path: "^(src-.+)$" },
      to: { circular: true, pathNot: "^$1$", viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    ...ladder.map((room, rung) => ({
      name: `ladder-${room}`,
      comment: "A room of src-shared sees only the rooms before it.",
      severity: "error",
      from: { path: `^src-shared/${room}/` },
      to: { path: `^src-shared/(${ladder.slice(rung + 1).join("|") || "nothing"})/` },
    })),
    {
      name: "shared-is-pure",
      severity: "error",
      from: { path: "^src-shared/" },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "shared-knows-no-side",
      severity: "error",
      from: { path: "^src-shared/" },
      to: { path: "^src-(main|renderer)/" },
    },
    { name: "screens-know-no-host", severity: "error", from: { path: "^src-renderer/" }, to: { path: "^src-main/" } },
    { name: "hosts-know-no-screen", severity: "error", from: { path: "^src-main/" }, to: { path: "^src-renderer/" } },
    ...mainRooms.map((room) => ({
      name: `room-${room}`,
      comment: "Rooms of src-main meet in the composition files; across a wall only types pass.",
      severity: "error",
      from: { path: `^src-main/${room}/` },
      to: {
        path: `^src-main/(${mainRooms.filter((other) => other !== room).join("|")})/`,
        dependencyTypesNot: ["type-only"],
      },
    })),
    only(
      "electron-stays-in-the-shell",
      "^electron$|node_modules/electron/",
      "^src-main/(shell|preload)/|^src-main/desktop\\.ts$",
    ),
    // The store is ours; a database in a file of the user's is a worker's, in a process that can be killed.
    only(
      "sqlite-stays-in-the-store",
      "node_modules/better-sqlite3/",
      "^src-main/store/|^src-main/worker/databases/sqlite\\.ts$",
    ),
    only("duckdb-stays-in-its-file", "node_modules/@duckdb/", "^src-main/worker/data/duck\\.ts$"),
    only("piscina-stays-in-the-pool", "node_modules/piscina/", "^src-main/engine/pool"),
    only("monaco-stays-in-the-text-view", "node_modules/monaco-editor/", "^src-renderer/text-view/"),
    only("xyflow-stays-in-the-canvas", "node_modules/@xyflow/", "^src-renderer/canvas/"),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.base.json" },
    enhancedResolveOptions: {
      extensions: [".ts", ".svelte.ts", ".svelte", ".mjs", ".js"],
      exportsFields: ["exports"],
      conditionNames: ["svelte", "import", "node", "default", "types"],
    },
  },
};
