using System.Buffers;
using System.Text;
using Sommelier.Canonical;
using Sommelier.Wire;
using Sommelier.Wire.AnthropicMessages;

namespace Sommelier.Tests.Wire.AnthropicMessages;

/// <summary>Short words for the tests of this dialect.</summary>
internal static class Wire
{
    public static readonly WireTarget Target = new()
    {
        Model = "claude-opus-5-5",
        Quirks = new WireQuirks { MaxTemperature = 1, Reasoning = ReasoningKnob.OutputEffort },
        MaxOutputTokens = 8_000,
    };

    public static readonly ReplyContext Context = new()
    {
        FallbackId = "f00",
        Model = "claude-opus-5-5",
        Created = DateTimeOffset.UnixEpoch,
    };

    public static IWireFormat Format => AnthropicMessagesFormat.Instance;

    public static WireTarget With(WireQuirks quirks) => Target with { Quirks = quirks };

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    public static ChatRequest Read(string body) => Format.Requests.Read(Utf8(body));

    public static RequestOutline Outline(string body) => Format.Requests.Outline(Utf8(body));

    public static string Write(ChatRequest request, WireTarget? target = null, List<Warning>? warnings = null)
    {
        var output = new ArrayBufferWriter<byte>();
        Format.Requests.Write(request, target ?? Target, output, warnings ?? []);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    public static string Forward(string body, WireTarget? target = null, List<Warning>? warnings = null)
    {
        var output = new ArrayBufferWriter<byte>();
        var bytes = Utf8(body);
        Format.Requests.Forward(bytes, Format.Requests.Outline(bytes), target ?? Target, output, warnings ?? []);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    public static ChatResponse ReadAnswer(string body, WireQuirks? quirks = null) =>
        Format.Responses.Read(Utf8(body), quirks ?? WireQuirks.Default);

    public static string WriteAnswer(ChatResponse response, List<Warning>? warnings = null)
    {
        var output = new ArrayBufferWriter<byte>();
        Format.Responses.Write(response, Context, output, warnings ?? []);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    public static List<ChatDelta> Decode(byte[] stream, WireQuirks? quirks = null, int split = -1)
    {
        using var decoder = Format.Streams.CreateDecoder(quirks ?? WireQuirks.Default);
        var deltas = new List<ChatDelta>();
        if (split >= 0)
        {
            decoder.Decode(stream.AsSpan(0, split), deltas);
            decoder.Decode(stream.AsSpan(split), deltas);
        }
        else
        {
            decoder.Decode(stream, deltas);
        }

        decoder.Complete(deltas);
        return deltas;
    }

    public static string Encode(IEnumerable<ChatDelta> deltas, ReplyContext? context = null, List<Warning>? warnings = null)
    {
        var encoder = Format.Streams.CreateEncoder(context ?? Context);
        var output = new ArrayBufferWriter<byte>();
        foreach (var delta in deltas)
        {
            encoder.Write(delta, output);
        }

        warnings?.AddRange(encoder.Warnings);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    /// <summary>Events as the vendor frames them: each JSON under the name that its type says.</summary>
    public static string Sse(params IEnumerable<string> events)
    {
        var text = new StringBuilder();
        foreach (var json in events)
        {
            using var document = System.Text.Json.JsonDocument.Parse(json);
            text.Append("event: ").Append(document.RootElement.GetProperty("type").GetString()).Append("\ndata: ").Append(json).Append("\n\n");
        }

        return text.ToString();
    }

    /// <summary>Joins neighbouring pieces, so that two cuts of one answer can be compared.</summary>
    public static List<ChatDelta> Join(IEnumerable<ChatDelta> deltas)
    {
        var joined = new List<ChatDelta>();
        foreach (var delta in deltas)
        {
            var merged = (joined.LastOrDefault(), delta) switch
            {
                (TextDelta a, TextDelta b) when a.Index == b.Index => a with { Text = a.Text + b.Text },
                (ToolCallArgumentsDelta a, ToolCallArgumentsDelta b) when a.Index == b.Index => a with { Arguments = a.Arguments + b.Arguments },
                (ReasoningDelta { Signature: null } a, ReasoningDelta { Signature: null } b) when a.Index == b.Index => a with { Text = a.Text + b.Text },
                _ => (ChatDelta?)null,
            };
            if (merged is null)
            {
                joined.Add(delta);
            }
            else
            {
                joined[^1] = merged;
            }
        }

        return joined;
    }
}
