/** `embedded:provider/builtin` and the global `device` (ECMA-419 17): the I/O classes, and what the board has by default. */
import Analog from "./analog.js";
import { board } from "./board.js";
import Digital from "./digital.js";
import I2C from "./i2c.js";
import SMBus from "./smbus.js";

/** Looked up when they are asked for: each board has pins of its own. */
const device = {
  io: { Analog, Digital, I2C, SMBus },
  I2C: {
    get default() {
      const { data, clock, port } = board().device.board.i2c;
      return { io: I2C, data, clock, port };
    },
  },
  Analog: {
    get default() {
      return { io: Analog, pin: board().device.board.analog };
    },
  },
  Digital: {
    get default() {
      return { io: Digital, pin: board().device.board.pulse };
    },
  },
  pin: {
    get button() {
      return board().device.board.button;
    },
    get led() {
      return board().device.board.led;
    },
  },
};

export default device;
