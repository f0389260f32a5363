using System.Text;

namespace Sommelier.Routing.Signals;

/// <summary>The script of the last user turn; of the system text when the turn has none.</summary>
internal sealed class LanguageSignal : ISignal
{
    public string Name => "script";

    public void Read(in SignalInput input, RequestSignals to)
    {
        var tail = input.Outline.Tail;
        to.Script = Of(tail.LastUser.Length > 0 ? tail.LastUser : tail.System);
    }

    internal static Script Of(ReadOnlySpan<char> text)
    {
        if (Ascii.IsValid(text))
        {
            return Script.Latin;
        }

        Span<int> counts = stackalloc int[(int)Script.Other + 1];
        foreach (var c in text)
        {
            if (c > 0x7f && Classify(c) is { } script)
            {
                counts[(int)script]++;
            }
            else if (char.IsAsciiLetter(c))
            {
                counts[(int)Script.Latin]++;
            }
        }

        // Japanese mixes kana into Han; a tenth of kana is more than any Chinese text has. Han and Hangul say a word in
        // a character or two where Latin takes five, so they weigh more.
        counts[(int)Script.Latin] /= 4;
        if (counts[(int)Script.Kana] * 10 >= counts[(int)Script.Han] + counts[(int)Script.Kana] && counts[(int)Script.Kana] > 0)
        {
            counts[(int)Script.Kana] += counts[(int)Script.Han];
            counts[(int)Script.Han] = 0;
        }

        var best = 0;
        for (var i = 1; i < counts.Length; i++)
        {
            best = counts[i] > counts[best] ? i : best;
        }

        return (Script)best;
    }

    private static Script? Classify(char c) => (int)c switch
    {
        < 0xC0 => null,
        < 0x0250 => Script.Latin,
        >= 0x0400 and < 0x0530 => Script.Cyrillic,
        >= 0x0600 and < 0x0780 or >= 0xFB50 and < 0xFE00 or >= 0xFE70 and < 0xFF00 => Script.Arabic,
        >= 0x2000 and < 0x2E80 or >= 0x3000 and < 0x3040 or >= 0xFF00 and < 0xFF66 => null,
        >= 0x3040 and < 0x3100 or >= 0xFF66 and < 0xFFA0 => Script.Kana,
        >= 0x1100 and < 0x1200 or >= 0x3130 and < 0x3190 or >= 0xAC00 and < 0xD7B0 => Script.Hangul,
        >= 0x3400 and < 0xA000 or >= 0xF900 and < 0xFB00 => Script.Han,
        >= 0xD800 and < 0xE000 => null,
        _ => Script.Other,
    };
}
