using System.Globalization;

namespace Sommelier.Routing.Classification;

/// <summary>What a UTF-16 unit is to the feature reader, and its folded form, by table: no culture call per character.</summary>
internal static class CharKinds
{
    public const byte Other = 0;
    public const byte Space = 1;
    public const byte Letter = 2;
    public const byte Digit = 3;
    public const byte Hangul = 4;

    /// <summary>Han, Hiragana, Katakana: scripts written without spaces between words.</summary>
    public const byte Ideograph = 5;

    // Every cased letter worth folding is below; the rest of the plane is uncased or too rare to pay for.
    private const int FoldedUnits = 0x590;

    private static readonly byte[] KindTable = BuildKinds();
    private static readonly char[] FoldTable = BuildFolds();

    public static byte[] Kinds => KindTable;

    /// <summary>What <see cref="Fold"/> gives for the first units, for loops: a static field may have to be initialised at each use.</summary>
    public static char[] Folds => FoldTable;

    public static char Fold(char unit)
    {
        if (unit < FoldedUnits)
        {
            return FoldTable[unit];
        }

        // Full-width forms are the same letters in East Asian input methods.
        return unit is >= '！' and <= '～' ? FoldTable[unit - 0xFEE0] : unit;
    }

    private static byte[] BuildKinds()
    {
        var kinds = new byte[char.MaxValue + 1];
        for (var i = 0; i < kinds.Length; i++)
        {
            kinds[i] = KindOf((char)i);
        }

        return kinds;
    }

    private static byte KindOf(char unit)
    {
        if (unit is (>= '぀' and <= 'ヿ') or (>= '㐀' and <= '鿿') or (>= '豈' and <= '﫿') or (>= 'ｦ' and <= 'ﾝ')
            || char.IsSurrogate(unit))
        {
            // A supplementary character (rare Han, emoji) counts as two ideographs: its n-grams tell it apart.
            return char.IsSurrogate(unit) ? Other : Ideograph;
        }

        if (unit is (>= '가' and <= '힣') or (>= 'ㄱ' and <= 'ㆎ') or (>= 'ᄀ' and <= 'ᇿ'))
        {
            return Hangul;
        }

        return CharUnicodeInfo.GetUnicodeCategory(unit) switch
        {
            UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
                or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.NonSpacingMark
                or UnicodeCategory.SpacingCombiningMark => Letter,
            UnicodeCategory.DecimalDigitNumber => Digit,
            UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => Space,
            UnicodeCategory.Control => unit is '\t' or '\n' or '\r' or '\f' or '\v' ? Space : Other,
            _ => Other,
        };
    }

    private static char[] BuildFolds()
    {
        var folds = new char[FoldedUnits];
        for (var i = 0; i < folds.Length; i++)
        {
            folds[i] = char.ToLowerInvariant((char)i);
        }

        return folds;
    }
}
