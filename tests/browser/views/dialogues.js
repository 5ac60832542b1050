// A short conversation in each language of the widget: what a visitor asks, what is answered, and what is offered then.

export const DIALOGUES = {
  en: ["Hi, is the Wren here to try?", "Good morning. Yes, in 54 and 58.", "Which day suits you?", ["Friday", "Saturday", "Another day"]],
  nl: ["Hallo, kan ik de Wren bij jullie proberen?", "Goedemorgen. Ja, in maat 54 en 58.", "Welke dag komt u uit?", ["Vrijdag", "Zaterdag", "Een andere dag"]],
  de: ["Hallo, kann ich das Wren bei Ihnen probefahren?", "Guten Morgen. Ja, in 54 und 58.", "Welcher Tag passt Ihnen?", ["Freitag", "Samstag", "Ein anderer Tag"]],
  fr: ["Bonjour, peut-on essayer le Wren chez vous ?", "Bonjour. Oui, en 54 et en 58.", "Quel jour vous convient ?", ["Vendredi", "Samedi", "Un autre jour"]],
  es: ["Hola, ¿puedo probar la Wren en la tienda?", "Buenos días. Sí, en 54 y 58.", "¿Qué día le viene bien?", ["Viernes", "Sábado", "Otro día"]],
  it: ["Ciao, posso provare la Wren da voi?", "Buongiorno. Sì, nelle misure 54 e 58.", "Che giorno ti va bene?", ["Venerdì", "Sabato", "Un altro giorno"]],
  pt: ["Olá, posso experimentar a Wren na loja?", "Bom dia. Sim, em 54 e 58.", "Que dia lhe convém?", ["Sexta-feira", "Sábado", "Outro dia"]],
  pl: ["Dzień dobry, czy mogę wypróbować model Wren?", "Dzień dobry. Tak, w rozmiarach 54 i 58.", "Który dzień pasuje?", ["Piątek", "Sobota", "Inny dzień"]],
  tr: ["Merhaba, Wren’i mağazada deneyebilir miyim?", "Günaydın. Evet, 54 ve 58 bedenlerde.", "Hangi gün size uyar?", ["Cuma", "Cumartesi", "Başka bir gün"]],
  ar: ["مرحبا، هل يمكنني تجربة دراجة Wren؟", "صباح الخير. نعم، بالمقاسين 54 و58.", "أي يوم يناسبك؟", ["الجمعة", "السبت", "يوم آخر"]],
  he: ["שלום, אפשר לנסות את ה־Wren אצלכם?", "בוקר טוב. כן, במידות 54 ו־58.", "איזה יום נוח לך?", ["שישי", "ראשון", "יום אחר"]],
  ja: ["こんにちは。Wrenに試乗できますか？", "おはようございます。54と58のサイズがございます。", "ご都合のよい日はいつですか？", ["金曜日", "土曜日", "別の日"]],
  zh: ["你好，店里可以试骑 Wren 吗？", "早上好。可以，有 54 和 58 两个尺码。", "您哪天方便？", ["星期五", "星期六", "其他日期"]],
};
