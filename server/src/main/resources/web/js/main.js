/**
 * Starts the page and shows the view that the address names: #/chat #/text #/glass #/tour/N.
 * A view is the default export of its module; it gets {arg}. Glass and tour are loaded when first asked for.
 */
import {html, render, useEffect, useState, effect} from './html.js';
import {language, setLanguage, t} from './i18n.js';
import {model, overrides, parameters, refreshFacts, refreshModels, theme, view} from './store.js';
import * as api from './api.js';
import {Frame} from './ui/frame.js';
import {report} from './ui/kit.js';
import Chat from './chat/view.js';

/** Glass and tour share a style sheet of their own. */
const styled = (load) => new Promise((done, failed) => {
  if (document.querySelector('link[href="glass.css"]')) return done();
  const link = Object.assign(document.createElement('link'), {rel: 'stylesheet', href: 'glass.css', onload: done, onerror: () => failed(new Error('glass.css'))});
  return document.head.append(link);
}).then(load);

const loaders = {
  chat: () => ({default: Chat}),
  text: () => import('./text/view.js'),
  glass: () => styled(() => import('./glass/view.js')),
  tour: () => styled(() => import('./tour/view.js')),
};

function route() {
  const [name, ...rest] = location.hash.replace(/^#\/?/, '').split('/');
  view.value = {name: Object.hasOwn(loaders, name) ? name : 'chat', arg: rest.join('/')};
}

function View() {
  const {name, arg} = view.value;
  const [loaded, setLoaded] = useState({chat: Chat});
  useEffect(() => {
    if (!loaded[name]) {
      Promise.resolve(loaders[name]()).then((m) => setLoaded((old) => ({...old, [name]: m.default})), report);
    }
  }, [name]);
  const Shown = loaded[name];
  return Shown ? html`<${Shown} key=${name} arg=${arg} />` : html`<div class="waiting" aria-busy="true">${t('app.loading')}</div>`;
}

const refresh = () => Promise.all([
  refreshModels().then(refreshFacts),
  api.get('parameters').then((answer) => {
    parameters.value = answer;
  }),
]).catch(report);

addEventListener('hashchange', route);
route();
effect(() => {
  document.documentElement.dataset.theme = theme.value;
});
await setLanguage(language.value);
effect(() => {
  document.title = `${t(`app.${view.value.name}`)} · ${t('app.name')}`;
});
render(html`<${Frame}><${View} /><//>`, document.getElementById('app'));
await refresh();
model.subscribe(() => refreshFacts());
api.restarts.subscribe((n) => n && refresh());
let reached = api.online.value;
api.online.subscribe((now) => {
  if (now && !reached) refresh();
  reached = now;
});
