import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { words } from '../words.ts';

type Loading<P> =
  | { readonly state: 'loading' }
  | { readonly state: 'failed' }
  | { readonly state: 'here'; readonly Part: ComponentType<P> };

/** A part of the app that is loaded when it is first drawn. */
export const lazily = <P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> => {
  let loaded: ComponentType<P> | undefined;

  const Lazy = (props: P) => {
    const [loading, setLoading] = useState<Loading<P>>(() =>
      loaded ? { state: 'here', Part: loaded } : { state: 'loading' },
    );
    useEffect(() => {
      if (loading.state !== 'loading') return;
      load().then(
        (Part) => {
          loaded = Part;
          setLoading({ state: 'here', Part });
        },
        () => setLoading({ state: 'failed' }),
      );
    }, []);
    if (loading.state === 'here') return <loading.Part {...props} />;
    return loading.state === 'failed' ? <p class="fault">{words.failed}</p> : null;
  };
  return Lazy;
};
