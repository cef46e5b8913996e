import type { Observable } from '@earshot/client';
import { type ReadonlySignal, signal } from '@preact/signals';
import { useLayoutEffect, useState } from 'preact/hooks';

/** An observable of the engine as a signal. The second answer ends it. */
export const toSignal = <T>(observable: Observable<T>): readonly [ReadonlySignal<T>, () => void] => {
  const value = signal(observable.get());
  const end = observable.subscribe((next) => {
    value.value = next;
  });
  return [value, end];
};

/** The current value; the component is drawn again at each change. */
export const useObserved = <T>(observable: Observable<T>): T => {
  const [value, setValue] = useState(() => observable.get());
  useLayoutEffect(() => {
    setValue(() => observable.get());
    return observable.subscribe((next) => setValue(() => next));
  }, [observable]);
  return value;
};
