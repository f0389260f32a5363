using System.Buffers;
using System.Collections.Frozen;

namespace Sommelier.Gateway.Caching.Similar;

/// <summary>What <see cref="FixedWords"/> knows of languages. Of a language that is not here only numbers in digits, names, quotes and code are seen.</summary>
internal static class FixedWordLists
{
    /// <summary>Words that say how many, or that it is not so.</summary>
    public static FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> NumbersAndNegations { get; } = Of(
        [
            // Words that another language needs all the time are left out ("to" is two in Danish, "bin" a thousand in Turkish).
            // English. "One" stands for anything, and every other number tells itself from it.
            "not no never without cannot none nor neither nobody nothing nowhere except unless dont doesnt didnt isnt arent wasnt wont cant couldnt shouldnt",
            "zero two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion",
            "half quarter double triple twice once dozen first second third fourth fifth sixth seventh eighth ninth tenth last",

            // German
            "nicht nichts kein keine keinen keinem keiner keines nie niemals niemand ohne weder außer",
            "null zwei drei vier fünf sechs sieben acht neun zehn elf zwölf zwanzig dreißig vierzig fünfzig hundert tausend erste ersten erster erstes zweite zweiten zweiter zweites dritte dritten dritter drittes letzte letzten letzter letztes halb halbe halben doppelt",

            // French
            "ne pas jamais sans aucun aucune non ni rien personne sauf",
            "zéro deux trois quatre cinq six sept huit neuf dix onze douze quinze vingt trente quarante cinquante soixante cent mille premier première deuxième second seconde troisième dernier dernière demi",

            // Spanish, Portuguese, Italian
            "nunca sin ningún ninguno ninguna nadie nada tampoco jamás salvo excepto não nem sem nenhum nenhuma ninguém senza mai nessuno nessuna niente né",
            "cero dos tres cuatro cinco seis siete ocho nueve diez once doce veinte treinta cuarenta cincuenta cien mil primero primera segundo segunda tercero tercera último última mitad",
            "dois duas três quatro sete oito nove dez vinte trinta quarenta cinquenta cem primeiro primeira terceiro terceira metade",
            "due tre quattro cinque sei sette otto dieci undici dodici venti trenta quaranta cinquanta cento primo prima terzo terza ultimo ultima metà",

            // Dutch, Swedish, Danish, Norwegian, Finnish
            "niet niets geen nooit niemand zonder inte ingen inget inga aldrig utan ikke intet aldri uden uten ei emme ette eivät älä ilman",
            "twee drie vijf zes zeven negen tien elf twaalf twintig honderd duizend eerste tweede derde laatste två tre fyra fem sex sju åtta nio tio seks syv otte første anden andre første sidste siste",

            // Polish, Czech, Russian, Ukrainian
            "nie bez nigdy nikt nic żaden ani ne není nejsou nikdy nikdo bez не нет ни без никогда никто ничего нельзя кроме немає ніколи ніхто нічого ні",
            "dwa dwie trzy cztery pięć sześć siedem osiem dziewięć dziesięć sto tysiąc dva dvě tři čtyři pět šest sedm osm devět deset два две три четыре пять шесть семь восемь девять десять двадцать сто тысяча дві чотири шість сім вісім десять",

            // Turkish, Greek, Indonesian, Vietnamese
            "değil yok hayır asla hiç olmadan δεν μην όχι χωρίς ποτέ κανένας tidak bukan jangan tanpa belum không chưa đừng chẳng",
            "iki üç dört beş altı yedi sekiz dokuz yüz δύο τρία τέσσερα πέντε δέκα dua tiga empat lima enam tujuh delapan sembilan sepuluh bốn năm sáu bảy tám chín mười",

            // Arabic, Persian, Hebrew, Hindi
            "لا ليس ليست بدون لم لن ما غير نه نیست بدون לא אין בלי אל नहीं न ना मत बिना",
            "اثنان ثلاثة أربعة خمسة ستة سبعة ثمانية تسعة عشرة دو سه چهار پنج שתיים שניים שלוש ארבע חמש दो तीन चार पाँच पांच छह सात आठ नौ दस",

            // Korean
            "안 못 말고 없이 두 세 네 다섯 여섯 일곱 여덟 아홉 열",
        ]);

    /// <summary>Parts of words that say so in Chinese, Japanese, Korean, Thai and, once the apostrophe is one, English.</summary>
    public static string[] NegatingParts { get; } = ["n't", "不", "没", "沒", "無", "无", "未", "非", "别", "別", "勿", "ない", "なく", "なかった", "なし", "ません", "ず", "않", "못", "없", "아니", "말고", "ไม่"];

    /// <summary>Numerals of Chinese, which Japanese and Korean write too.</summary>
    public static SearchValues<char> Numerals { get; } = SearchValues.Create("零〇一二两兩三四五六七八九十百千万萬億亿兆半");

    /// <summary>Words that questions and requests usually begin with, so that their capital letter is no name's.</summary>
    public static FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Openers { get; } = Of(
        [
            "a an and are as at but by can could did do does explain describe for from give had has have hello help hey hi how if in is it its let may my of on or our please shall should show so tell thanks thank that the their there these they this those to was we were what when where which who whose why will with would you your",
            "aber als am an auf bei bitte brauche das dein deine dem den der die ein eine einen es für gibt guten habe haben hallo hat ich im in ist kann kannst können könnte könnten könntest mein meine muss nach sind soll und unser von wann warum was welche welchen welcher welches wenn wer wie wieso wir wo zeig zu",
            "au aux avec bonjour ce cette combien comment dans de des donne du elle en est et est-ce explique il je la le les lequel ma mes mon nous on où par peut-on peux peux-tu pour pourquoi pourrais pouvez-vous quand que quel quelle quelles quels qui salut si sur tu un une vous à",
            "al como con cuál cuáles cuándo cuánto cuántos cómo de del dime dónde el en es explica hay hola la las los me mi no para podría por puede puedes puedo que quién quiero qué se si son su tengo un una y yo",
            "as com da do em existe explique há meu minha na no o olá onde os para pode poderia posso qual quais quando quanto que quem quero se são tenho um uma é",
            "che chi ciao come con cosa dal del dove gli ho i il in lo mia mio nel per perché posso potrebbe puoi può qual quale quali quando quanto si sono spiega un una vorrei è",
            "de dit een er hallo heb heeft het hoe ik is kan kun kunt mag met mijn naar op van voor waar waarom wanneer wat welk welke wie wil zijn",
            "czy czemu co dlaczego gdzie ile jak jaka jaki jakie jest kiedy kto mam mogę możesz na proszę w z в где для есть если и из как какая какие какой когда кто ли меня мне могу может можно мой на по почему привет с сколько у что это я",
        ]);

    private static FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Of(string[] lines) => lines
        .SelectMany(static line => line.Split(' ')).ToFrozenSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();
}
