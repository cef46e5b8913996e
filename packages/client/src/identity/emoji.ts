/** A picture of the short code, and the word to say for it. */
export interface CodeEmoji {
  readonly emoji: string;
  readonly name: string;
}

const PICTURES = `
🐶 dog|🐱 cat|🦁 lion|🐴 horse|🐷 pig|🐘 elephant|🐰 rabbit|🐼 panda
🐔 chicken|🐧 penguin|🦉 owl|🐢 turtle|🐟 fish|🐙 octopus|🦋 butterfly|🐝 bee
🌵 cactus|🌻 sunflower|🍄 mushroom|🌲 tree|🌙 moon|🔥 fire|🌈 rainbow|⛄ snowman
🍎 apple|🍌 banana|🍓 strawberry|🍇 grapes|🍍 pineapple|🥕 carrot|🌽 corn|🍞 bread
🧀 cheese|🍕 pizza|🥚 egg|🎂 cake|☕ coffee|🍯 honey|🚗 car|🚲 bicycle
🚂 train|⛵ boat|🚀 rocket|🚁 helicopter|🏠 house|🏰 castle|⛺ tent|🌋 volcano
⚽ football|🎸 guitar|🎺 trumpet|🥁 drum|🎲 dice|🪁 kite|🎈 balloon|🎁 gift
🔑 key|🔨 hammer|✂️ scissors|☂️ umbrella|👑 crown|👓 glasses|⚓ anchor|🔔 bell
`;

/**
 * The 64 pictures of the 7-emoji code, by their number. Chosen so that no two look or sound alike, none is a person, a hand, a
 * flag or a face, and each is drawn much the same everywhere. The order is part of the wire's meaning: never change it.
 */
export const CODE_EMOJI: readonly CodeEmoji[] = PICTURES.trim()
  .split(/[\n|]/)
  .map((picture) => {
    const [emoji = '', name = ''] = picture.split(' ');
    return { emoji, name };
  });

/** The pictures of a code of numbers from 0 to 63, in order. */
export const emojiOf = (code: readonly number[]): readonly CodeEmoji[] =>
  code.map((number) => {
    const picture = CODE_EMOJI[number];
    if (picture === undefined) throw new Error('Bug: a short code above 63');
    return picture;
  });
