/** The part of the emulated peripheral that runs in the page, before anything else there: plain text, since the page's own script must find it done. */

/** What the page calls: `read UUID` and `notification UUID` before such a read goes out, `disconnect` when the page has ended the connection. */
export const bindingName = "emulatedPeripheralSays";
/** What is called in the page: reads the characteristic, for a notification of it. */
export const notifyName = "emulatedPeripheralNotified";

/** Reads go out one by one: concurrent ones would all get one value. */
export const bluetoothScript = `(() => {
  const says = (what) => globalThis.${bindingName}(what);
  const characteristic = globalThis.BluetoothRemoteGATTCharacteristic?.prototype;
  const server = globalThis.BluetoothRemoteGATTServer?.prototype;
  if (characteristic === undefined) return;
  const { readValue, startNotifications, stopNotifications } = characteristic;
  const bluetooth = globalThis.Bluetooth.prototype;
  const { connect, disconnect } = server;
  const { requestDevice } = bluetooth;
  let left = Promise.resolve();
  const followed = new Map();
  let turn = Promise.resolve();
  const inTurn = (work) => {
    const done = turn.then(work);
    turn = done.catch(() => {});
    return done;
  };
  characteristic.readValue = function () {
    return inTurn(async () => {
      await says("read " + this.uuid);
      return readValue.call(this);
    });
  };
  characteristic.startNotifications = function () {
    return inTurn(async () => {
      await startNotifications.call(this);
      followed.set(this.uuid, this);
      return this;
    });
  };
  characteristic.stopNotifications = function () {
    followed.delete(this.uuid);
    return stopNotifications.call(this);
  };
  server.disconnect = function () {
    const was = this.connected;
    followed.clear();
    disconnect.call(this);
    if (was) left = says("disconnect");
  };
  server.connect = async function () {
    await left;
    return connect.call(this);
  };
  bluetooth.requestDevice = async function (options) {
    await left;
    return requestDevice.call(this, options);
  };
  globalThis.${notifyName} = (uuid) =>
    inTurn(async () => {
      const target = followed.get(uuid);
      if (target === undefined || !target.service.device.gatt.connected) return;
      await says("notification " + uuid);
      await readValue.call(target);
    }).catch(() => {});
})();`;
