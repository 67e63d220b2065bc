/** One import for every component: `html` templates, Preact's hooks and signals. htm does not decode entities: write the characters. */
import {h} from 'preact';
import htm from 'htm';

export const html = htm.bind(h);
export {h, Fragment, render, createRef} from 'preact';
export {useState, useEffect, useLayoutEffect, useMemo, useRef, useCallback, useId} from 'preact/hooks';
export {signal, computed, effect, batch, untracked, useSignal, useComputed, useSignalEffect} from '@preact/signals';
