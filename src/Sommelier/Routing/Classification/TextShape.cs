using System.Numerics;
using System.Runtime.InteropServices;

namespace Sommelier.Routing.Classification;

/// <summary>How a text looks, whatever its language: length, lines, digits, code, tables, questions, choices.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct TextShape
{
    public const int Count = 13 + 5 + 5 + 5 + 5 + 5 + 14;
    private const int LengthAt = 0;
    private const int LinesAt = 13;
    private const int DigitsAt = 18;
    private const int SymbolsAt = 23;
    private const int WordsAt = 28;
    private const int NumbersAt = 33;
    private const int FlagsAt = 38;

    public int Words;
    public int Units;
    public int Digits;

    /// <summary>Words that begin with a digit.</summary>
    public int Numbers;
    private int _lines;
    private int _codeSymbols;
    private int _mathSymbols;
    private int _pipes;
    private int _questions;
    private int _quotes;
    private int _colons;
    private int _choices;
    private int _blanks;
    private int _backticks;
    private int _commas;

    public readonly void Write(ReadOnlySpan<char> text, Span<float> dense)
    {
        var shape = dense[DenseFeatures.ShapeStart..];
        var trimmed = text.Trim();
        shape[LengthAt + Math.Min(12, BitOperations.Log2((uint)text.Length + 1))] = 1;
        shape[LinesAt + Step(_lines, 1, 2, 5, 16)] = 1;
        shape[DigitsAt + Share(Digits)] = 1;
        shape[SymbolsAt + Share(_codeSymbols)] = 1;
        shape[WordsAt + Step(Words, 4, 12, 40, 150)] = 1;
        shape[NumbersAt + Step(Numbers, 1, 2, 4, 10)] = 1;
        var flags = shape[FlagsAt..];
        Set(flags, 0, _questions > 0);
        Set(flags, 1, trimmed.Length > 0 && trimmed[^1] is '?' or '？' or '؟');
        Set(flags, 2, trimmed.Length > 0 && trimmed[^1] is ':' or '：');
        Set(flags, 3, _backticks >= 3);
        Set(flags, 4, _mathSymbols >= 2);
        Set(flags, 5, _pipes >= 6);
        Set(flags, 6, _quotes >= 2);
        Set(flags, 7, _colons >= 3);
        Set(flags, 8, _choices >= 3);
        Set(flags, 9, _blanks >= 3);
        Set(flags, 10, trimmed.Length > 0 && trimmed[0] is '{' or '[' or '<');
        Set(flags, 11, trimmed.Length > 0 && trimmed[^1] is '.' or '。' or '!' or '！');
        Set(flags, 12, _lines >= 3 && _commas >= 3 * _lines);
        Set(flags, 13, trimmed.Length > 0 && trimmed[^1] is '}' or ']' or '>' or ')' or '`');
    }

    /// <summary>Notes a unit that is neither letter nor digit.</summary>
    public void NoteMark(ReadOnlySpan<char> text, int at)
    {
        var unit = text[at];
        switch (unit)
        {
            case '\n':
                _lines++;
                break;
            case '?' or '？' or '؟':
                _questions++;
                break;
            case '{' or '}' or ';' or '[' or ']' or '<' or '>' or '_' or '#':
                _codeSymbols++;
                _blanks += unit == '_' ? 1 : 0;
                break;
            case '(' or '=':
                _codeSymbols++;
                _mathSymbols += unit == '=' ? 1 : 0;
                break;
            case '$' or '\\' or '^' or '+' or '×' or '÷' or '√' or '∑' or '∫' or '≤' or '≥' or '%':
                _mathSymbols++;
                break;
            case '|' or '\t':
                _pipes++;
                break;
            case '"' or '“' or '”' or '「' or '」' or '«' or '»':
                _quotes++;
                break;
            case ':' or '：':
                _colons++;
                break;
            case ',':
                _commas++;
                break;
            case '`':
                _backticks++;
                break;
            case ')' or '.' or '）' or '．':
                // "A)" or "(b)" or "C." after a space or bracket: a choice.
                _choices += at > 0 && IsChoice(text[at - 1], at > 1 ? text[at - 2] : '\0') ? 1 : 0;
                break;
        }
    }

    private static bool IsChoice(char last, char beforeLast) =>
        last is (>= 'A' and <= 'E') or (>= 'a' and <= 'e') && beforeLast is ' ' or '\n' or '(' or '（';

    private static void Set(Span<float> flags, int at, bool value) => flags[at] = value ? 1 : 0;

    private readonly int Share(int count) => Step(count * 100 / Math.Max(1, Units), 1, 3, 8, 20);

    private static int Step(int value, int one, int two, int three, int four) =>
        value < one ? 0 : value < two ? 1 : value < three ? 2 : value < four ? 3 : 4;
}
