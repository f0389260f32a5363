using System.Text;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Configuration;
using Sommelier.Wire;
using Sommelier.Wire.EventStream;
using Sommelier.Wire.Json;
using Sommelier.Wire.Sse;

namespace Sommelier.Tests.Fuzzing;

/// <summary>What cuts and scans bytes below the formats, and the reader of the configuration.</summary>
internal static class ScannerTargets
{
    /// <summary>One target a reader.</summary>
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("sse", Corpus.Events, bytes => Assert.Equal(Events([bytes]), Events(Cuts.Of(bytes)))),
        new("event-stream", Corpus.Frames, bytes => Assert.Equal(Frames([bytes]), Frames(Cuts.Of(bytes)))),
        new("json-text", Corpus.Texts, Text),
        new("caller-hints", Corpus.Hints, Hints),
        new("configuration", Corpus.Configurations, Configuration),
    ];

    private static string Events(IEnumerable<byte[]> chunks)
    {
        using var reader = new SseReader();
        var seen = new StringBuilder();
        foreach (var piece in chunks)
        {
            ReadOnlySpan<byte> chunk = piece;
            while (reader.TryRead(ref chunk, out var item))
            {
                seen.Append($"{Convert.ToHexString(item.Raw)} {Convert.ToHexString(item.Name)} {Convert.ToHexString(item.Data)}\n");
            }
        }

        return reader.TryReadRest(out var rest) ? $"{seen}{Convert.ToHexString(rest.Name)} {Convert.ToHexString(rest.Data)}" : seen.ToString();
    }

    private static string Frames(IEnumerable<byte[]> chunks)
    {
        using var reader = new EventStreamReader();
        var seen = new StringBuilder();
        try
        {
            foreach (var piece in chunks)
            {
                ReadOnlySpan<byte> chunk = piece;
                while (reader.TryRead(ref chunk, out var frame))
                {
                    seen.Append($"{frame.Kind} {Convert.ToHexString(frame.EventType)} {Convert.ToHexString(frame.ExceptionType)} {Convert.ToHexString(frame.Payload)}\n");
                }
            }
        }
        catch (UpstreamException refusal)
        {
            return $"{seen}{refusal.Message}";
        }

        return $"{seen}{reader.HasRest}";
    }

    // The inside of a JSON string: read as the framework reads it, whole and in pieces.
    private static void Text(byte[] bytes)
    {
        byte[] json = [(byte)'"', .. bytes, (byte)'"'];
        string? expected = null;
        try
        {
            var reader = new Utf8JsonReader(json);
            reader.Read();
            if (reader.ValueSpan.Length != bytes.Length || reader.TokenType != JsonTokenType.String || reader.Read())
            {
                return;
            }
        }
        catch (JsonException)
        {
            return;
        }

        var at = new Utf8JsonReader(json);
        at.Read();
        try
        {
            expected = at.GetString();
        }
        catch (InvalidOperationException)
        {
            // Half of a pair, or no UTF-8: tolerated below.
        }

        var read = JsonText.Tolerant(ref at);
        var count = default(TextCount);
        count.Add(ref at);
        var cut = default(CutText);
        cut.Add(bytes);
        var short1 = cut.Take();
        var inPieces = new StringBuilder();
        Span<char> small = stackalloc char[7];
        for (var used = 0; used < bytes.Length;)
        {
            var written = JsonText.Unescape(bytes.AsSpan(used), small, out var more);
            Assert.True(written > 0 && more > 0, "A scanner stands still.");
            inPieces.Append(small[..written]);
            used += more;
        }

        Assert.True(short1.Length <= ConversationTail.MaxCharacters);
        if (expected is null)
        {
            return;
        }

        Assert.Equal(expected, read);
        Assert.Equal(expected, inPieces.ToString());
        Assert.Equal(Encoding.UTF8.GetByteCount(expected), count.Bytes);
        if (expected.Length <= 3_000)
        {
            Assert.Equal(expected, short1);
        }
    }

    private static void Hints(byte[] bytes)
    {
        try
        {
            var reader = new Utf8JsonReader(bytes, JsonLimits.Reader);
            reader.Read();
            CallerHintsReader.Read(ref reader);
        }
        catch (JsonException)
        {
            // The outline has refused such a body.
        }
        catch (InvalidOperationException)
        {
            // Broken text, which Wire/Guards tells.
        }
    }

    private static void Configuration(byte[] bytes)
    {
        // Every other file is under a profile.
        var (config, problems) = ConfigReader.Read(Encoding.UTF8.GetString(bytes), "sommelier.yaml", name => name switch
        {
            "SOMMELIER_PROFILE" => bytes.Length % 2 == 0 ? "production" : null,
            { Length: var length } => length % 2 == 0 ? null : "value",
        });
        Assert.Equal(config is null, problems.Any(problem => problem.Severity == ConfigSeverity.Error));
        Assert.All(problems, problem => Assert.True(problem.What.Length > 0 && problem.Position.Line >= 0));
    }
}
