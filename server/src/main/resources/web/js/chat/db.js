/** Conversations in the browser's IndexedDB: all() → talks, put(talk), drop(id). Without it they live as long as the page. */
const base = new Promise((resolve) => {
  const request = indexedDB.open('glasshouse', 1);
  request.onupgradeneeded = () => request.result.createObjectStore('talks', {keyPath: 'id'});
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => resolve(null);
});

async function run(mode, action) {
  const db = await base;
  if (!db) return undefined;
  return new Promise((resolve, reject) => {
    const transaction = db.transaction('talks', mode);
    const request = action(transaction.objectStore('talks'));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onerror = () => reject(transaction.error);
    transaction.onabort = () => reject(transaction.error);
  });
}

export const all = async () => await run('readonly', (store) => store.getAll()) ?? [];
export const put = (talk) => run('readwrite', (store) => store.put(talk));
export const drop = (id) => run('readwrite', (store) => store.delete(id));
