import Archive from "@lucide/svelte/icons/archive";
import ArrowRightLeft from "@lucide/svelte/icons/arrow-right-left";
import ArrowUpNarrowWide from "@lucide/svelte/icons/arrow-up-narrow-wide";
import Bell from "@lucide/svelte/icons/bell";
import Blocks from "@lucide/svelte/icons/blocks";
import CirclePlay from "@lucide/svelte/icons/circle-play";
import CircleQuestionMark from "@lucide/svelte/icons/circle-question-mark";
import CircleStop from "@lucide/svelte/icons/circle-stop";
import ClipboardCheck from "@lucide/svelte/icons/clipboard-check";
import Clock from "@lucide/svelte/icons/clock";
import Code from "@lucide/svelte/icons/code";
import CreditCard from "@lucide/svelte/icons/credit-card";
import Database from "@lucide/svelte/icons/database";
import Diamond from "@lucide/svelte/icons/diamond";
import FileIcon from "@lucide/svelte/icons/file";
import Funnel from "@lucide/svelte/icons/funnel";
import GitFork from "@lucide/svelte/icons/git-fork";
import Globe from "@lucide/svelte/icons/globe";
import LockKeyhole from "@lucide/svelte/icons/lock-keyhole";
import Mail from "@lucide/svelte/icons/mail";
import MessageSquare from "@lucide/svelte/icons/message-square";
import Merge from "@lucide/svelte/icons/merge";
import Repeat from "@lucide/svelte/icons/repeat";
import Route from "@lucide/svelte/icons/route";
import ScrollText from "@lucide/svelte/icons/scroll-text";
import ShieldCheck from "@lucide/svelte/icons/shield-check";
import Shuffle from "@lucide/svelte/icons/shuffle";
import Sigma from "@lucide/svelte/icons/sigma";
import Undo2 from "@lucide/svelte/icons/undo-2";
import UserCheck from "@lucide/svelte/icons/user-check";
import Webhook from "@lucide/svelte/icons/webhook";
import Users from "@lucide/svelte/icons/users";
import Workflow from "@lucide/svelte/icons/workflow";

const icons: { readonly [name: string]: unknown } = {
  archive: Archive,
  "arrow-right-left": ArrowRightLeft,
  "arrow-up-narrow-wide": ArrowUpNarrowWide,
  bell: Bell,
  blocks: Blocks,
  "circle-play": CirclePlay,
  "circle-stop": CircleStop,
  "clipboard-check": ClipboardCheck,
  clock: Clock,
  code: Code,
  "credit-card": CreditCard,
  database: Database,
  diamond: Diamond,
  file: FileIcon,
  funnel: Funnel,
  "git-fork": GitFork,
  globe: Globe,
  "lock-keyhole": LockKeyhole,
  mail: Mail,
  merge: Merge,
  "message-square": MessageSquare,
  repeat: Repeat,
  route: Route,
  "scroll-text": ScrollText,
  "shield-check": ShieldCheck,
  shuffle: Shuffle,
  sigma: Sigma,
  "undo-2": Undo2,
  "user-check": UserCheck,
  users: Users,
  webhook: Webhook,
  workflow: Workflow,
};

/** The icon a descriptor names. Only those the catalogue uses are in the build; another name shows a question mark. */
export function typeIcon(name: string): unknown {
  return icons[name] ?? CircleQuestionMark;
}
