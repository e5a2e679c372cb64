import { EventEmitter } from "node:events";
import { BrowserWindow } from "./browser-window.mjs";

let applicationMenu = null;

export class MenuItem {
  constructor(options) {
    Object.assign(
      this,
      {
        enabled: true,
        visible: true,
        checked: false,
        type: options.submenu ? "submenu" : "normal",
        label: options.role ?? "",
      },
      options,
    );
    if (Array.isArray(options.submenu)) this.submenu = Menu.buildFromTemplate(options.submenu);
    const { click } = options;
    /** What choosing the item does; tests call it, since accelerators and mice never reach a native menu here. */
    this.click = (event = {}, window = BrowserWindow.getFocusedWindow()) => {
      if (this.type === "checkbox") this.checked = !this.checked;
      click?.(this, window, event);
    };
  }
}

export class Menu extends EventEmitter {
  items = [];

  static buildFromTemplate(template) {
    const menu = new Menu();
    for (const item of template) menu.append(item instanceof MenuItem ? item : new MenuItem(item));
    return menu;
  }
  static setApplicationMenu(menu) {
    applicationMenu = menu;
  }
  static getApplicationMenu() {
    return applicationMenu;
  }
  append(item) {
    this.items.push(item);
  }
  popup(options) {
    options?.callback?.();
  }
  closePopup() {}
  getMenuItemById(id) {
    for (const item of this.items) {
      const found = item.id === id ? item : item.submenu?.getMenuItemById(id);
      if (found) return found;
    }
    return null;
  }
}
