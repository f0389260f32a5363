using System.Buffers;
using System.Text;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Citations;
using Sommelier.Wire.CustomTools;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.OpenAIChat;

/// <summary>Writes a streamed answer of any origin as this format's chunks.</summary>
// The JSON writer over the caller's buffer holds nothing to release.
#pragma warning disable CA1001
internal sealed class OpenAIChatEncoder(ReplyContext context) : StreamEncoder
#pragma warning restore CA1001
{
    private readonly ArrayBufferWriter<byte> head = new(160);
    private readonly List<int> tools = [];

    // Calls whose arguments have nothing in them yet: clients parse what they put together, and nothing is no JSON.
    private readonly List<int> bare = [];
    private readonly CitedText cited = new();
    private readonly bool isLegacy = LegacyCalls.AreWanted(context);
    private Dictionary<int, InputUnwrapper>? inputs;
    private Utf8JsonWriter? writer;
    private Usage? usage;
    private int thoughts;
    private bool started;
    private bool finished;

    /// <inheritdoc/>
    public override void Write(ChatDelta delta, IBufferWriter<byte> output)
    {
        if (!started)
        {
            Start(delta as StartDelta, output);
        }

        switch (delta)
        {
            case TextDelta said:
                EndCited(said.Index, output);
                cited.Said(said.Index, said.Text);
                Member("content"u8, said.Text, output);
                break;
            case CitationDelta citation:
                EndCited(citation.Index, output);
                if (cited.Cited(citation) is { } known)
                {
                    Annotations([known], output);
                }

                break;
            case RefusalDelta refusal:
                Member("refusal"u8, refusal.Text, output);
                break;
            case ReasoningDelta thinking:
                Thinking(thinking, output);
                break;
            case ToolCallStartDelta call:
                ToolStart(call, output);
                break;
            case ToolCallArgumentsDelta arguments:
                var input = inputs?.GetValueOrDefault(arguments.Index);
                var text = input is null ? arguments.Arguments : input.Add(arguments.Arguments);
                if (arguments.Arguments.Length > 0)
                {
                    bare.Remove(arguments.Index);
                }

                if (input is null || text.Length > 0)
                {
                    ToolArguments(arguments.Index, text, input is not null, output);
                }

                break;
            case PartEndDelta end when bare.Remove(end.Index):
                ToolArguments(end.Index, "{}", custom: false, output);
                break;
            case UsageDelta counts:
                usage = counts.Usage;
                break;
            case FinishDelta finish:
                Finish(finish.Reason, output);
                break;
            case OpaqueDelta opaque:
                Opaque(opaque, output);
                break;
            case EndDelta:
                End(output);
                break;
        }
    }

    /// <inheritdoc/>
    public override void WriteError(GatewayError error, IBufferWriter<byte> output) => OpenAIChatErrors.WriteEvent(error, output);

    // What every chunk begins with is written once.
    private void Start(StartDelta? start, IBufferWriter<byte> output)
    {
        started = true;
        head.Write("data: "u8);
        using (var once = new Utf8JsonWriter(head, JsonLimits.Writer))
        {
            once.WriteStartObject();
            once.WriteString("id", start?.Id ?? context.FallbackId);
            once.WriteString("object", "chat.completion.chunk");
            once.WriteNumber("created", (start?.Created ?? context.Created).ToUnixTimeSeconds());
            once.WriteString("model", start?.ResponseModel ?? context.Model);
            ServingWords.Write(start?.SystemFingerprint, start?.ServiceTier, once);
        }

        head.Write(",\"choices\":["u8);
        Chunk("\"role\":\"assistant\",\"content\":\"\",\"refusal\":null"u8, output);
    }

    private Utf8JsonWriter Writer(IBufferWriter<byte> output)
    {
        if (writer is null)
        {
            writer = new Utf8JsonWriter(output, JsonLimits.Writer);
        }
        else
        {
            writer.Reset(output);
        }

        return writer;
    }

    private void Open(IBufferWriter<byte> output)
    {
        output.Write(head.WrittenSpan);
        output.Write("{\"index\":0,\"delta\":{"u8);
    }

    private void Close(ReadOnlySpan<byte> finish, IBufferWriter<byte> output) => Close("null"u8, finish, output);

    private void Close(ReadOnlySpan<byte> logProbs, ReadOnlySpan<byte> finish, IBufferWriter<byte> output)
    {
        output.Write("},\"logprobs\":"u8);
        output.Write(logProbs);
        output.Write(",\"finish_reason\":"u8);
        output.Write(finish);
        output.Write("}]"u8);
        if (context.StreamUsage)
        {
            output.Write(",\"usage\":null"u8);
        }

        output.Write("}\n\n"u8);
    }

    private void Chunk(ReadOnlySpan<byte> members, IBufferWriter<byte> output)
    {
        Open(output);
        output.Write(members);
        Close("null"u8, output);
    }

    private void Text(string text, IBufferWriter<byte> output)
    {
        var json = Writer(output);
        json.WriteStringValue(text);
        json.Flush();
    }

    private void Member(ReadOnlySpan<byte> name, string text, IBufferWriter<byte> output)
    {
        Open(output);
        output.Write("\""u8);
        output.Write(name);
        output.Write("\":"u8);
        Text(text, output);
        Close("null"u8, output);
    }

    private void Thinking(ReasoningDelta thinking, IBufferWriter<byte> output)
    {
        if (thinking.Signature is null && thinking.Redacted is null)
        {
            Member("reasoning_content"u8, thinking.Text, output);
            return;
        }

        Open(output);
        if (thinking.Text.Length > 0)
        {
            output.Write("\"reasoning_content\":"u8);
            Text(thinking.Text, output);
            output.Write(","u8);
        }

        output.Write("\"reasoning_details\":["u8);
        var json = Writer(output);
        var piece = new ReasoningPart(thinking.Text, thinking.Signature, thinking.Redacted) { Vendor = thinking.Vendor, Id = thinking.Id };
        ReasoningParts.WriteDetail(piece, thoughts++, json);
        json.Flush();
        output.Write("]"u8);
        Close("null"u8, output);
    }

    private void ToolStart(ToolCallStartDelta call, IBufferWriter<byte> output)
    {
        tools.Add(call.Index);
        if (isLegacy)
        {
            LegacyStart(call, output);
            return;
        }

        var custom = call.IsCustom || context.IsCustomTool(call.Name);
        if (custom)
        {
            (inputs ??= [])[call.Index] = new();
        }
        else
        {
            bare.Add(call.Index);
        }

        Open(output);
        output.Write("\"tool_calls\":["u8);
        var json = Writer(output);
        json.WriteStartObject();
        json.WriteNumber("index", tools.Count - 1);
        json.WriteString("id", call.Id);
        json.WriteString("type", custom ? "custom" : "function");
        json.WriteStartObject(custom ? "custom" : "function");
        json.WriteString("name", call.Name);
        json.WriteString(custom ? CustomTool.Input : "arguments", "");
        json.WriteEndObject();
        CallSeal.Write(call.Signature, json);
        json.WriteEndObject();
        json.Flush();
        output.Write("]"u8);
        Close("null"u8, output);
    }

    private void LegacyStart(ToolCallStartDelta call, IBufferWriter<byte> output)
    {
        if (tools.Count > 1)
        {
            Lost.Add(LegacyCalls.Left("function_call", call.Name));
            return;
        }

        bare.Add(call.Index);
        Open(output);
        output.Write("\"function_call\":"u8);
        var json = Writer(output);
        json.WriteStartObject();
        json.WriteString("name", call.Name);
        json.WriteString("arguments", "");
        json.WriteEndObject();
        json.Flush();
        Close("null"u8, output);
    }

    private void LegacyArguments(int index, string piece, IBufferWriter<byte> output)
    {
        if (index != tools[0])
        {
            return;
        }

        Open(output);
        output.Write("\"function_call\":{\"arguments\":"u8);
        Text(piece, output);
        output.Write("}"u8);
        Close("null"u8, output);
    }

    private void ToolArguments(int index, string piece, bool custom, IBufferWriter<byte> output)
    {
        if (isLegacy)
        {
            LegacyArguments(index, piece, output);
            return;
        }

        Open(output);
        output.Write("\"tool_calls\":["u8);
        var json = Writer(output);
        json.WriteStartObject();
        json.WriteNumber("index", Math.Max(tools.LastIndexOf(index), 0));
        json.WriteStartObject(custom ? "custom" : "function");
        json.WriteString(custom ? CustomTool.Input : "arguments", piece);
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        output.Write("]"u8);
        Close("null"u8, output);
    }

    private void Finish(FinishReason reason, IBufferWriter<byte> output)
    {
        if (finished)
        {
            return;
        }

        finished = true;
        LostFinish.Warn(reason, "finish_reason", Lost);
        EndCited(int.MaxValue, output);
        foreach (var (index, input) in inputs ?? [])
        {
            if (input.End() is { Length: > 0 } rest)
            {
                ToolArguments(index, rest, custom: true, output);
            }
        }

        foreach (var index in bare)
        {
            ToolArguments(index, "{}", custom: false, output);
        }

        Open(output);
        Close(Encoding.UTF8.GetBytes($"\"{LegacyCalls.Finish(reason, context)}\""), output);
    }

    private void EndCited(int index, IBufferWriter<byte> output)
    {
        if (cited.Ends(index))
        {
            Annotations(cited.Ended(), output);
        }
    }

    private void Annotations(IReadOnlyList<(Citation Citation, int Start, int End)> all, IBufferWriter<byte> output)
    {
        Open(output);
        output.Write("\"annotations\":["u8);
        for (var i = 0; i < all.Count; i++)
        {
            output.Write(i > 0 ? ","u8 : default);
            var json = Writer(output);
            UrlCitations.Write(all[i].Citation, all[i].Start, all[i].End, OpenAIChatFormat.FormatName, nested: true, json);
            json.Flush();
        }

        output.Write("]"u8);
        Close("null"u8, output);
    }

    // Ours carry their place in their name: "delta.annotations", "citations".
    private void Opaque(OpaqueDelta opaque, IBufferWriter<byte> output)
    {
        if (opaque is { Type: TokenLogProbs.Name, Format: not OpenAIChatFormat.FormatName } && TokenLogProbs.Of(opaque) is { } tokens)
        {
            opaque = new(OpenAIChatFormat.FormatName, TokenLogProbs.Name, TokenLogProbs.Chat(tokens));
        }

        if (!string.Equals(opaque.Format, OpenAIChatFormat.FormatName, StringComparison.Ordinal) || opaque.Type.StartsWith("choices[", StringComparison.Ordinal))
        {
            Lose(opaque.Type);
            return;
        }

        if (opaque.Type.StartsWith("delta.", StringComparison.Ordinal))
        {
            Chunk(Encoding.UTF8.GetBytes($"{JsonBytesOf(opaque.Type["delta.".Length..])}:{opaque.Json}"), output);
            return;
        }

        if (opaque.Type is TokenLogProbs.Name)
        {
            // They stand in the choice.
            Open(output);
            Close(Encoding.UTF8.GetBytes(opaque.Json), "null"u8, output);
            return;
        }

        output.Write(head.WrittenSpan);
        output.Write(Encoding.UTF8.GetBytes($"],{JsonBytesOf(opaque.Type)}:{opaque.Json}}}\n\n"));
    }

    private static string JsonBytesOf(string name) => Encoding.UTF8.GetString(JsonBytes.Quoted(name).Span);

    private void End(IBufferWriter<byte> output)
    {
        if (context.StreamUsage && usage is { } counts)
        {
            output.Write(head.WrittenSpan);
            output.Write("],"u8);
            output.Write(JsonBytes.Members(json =>
            {
                UsageWriter.Write(counts, json);
                UsageWriter.WriteCost(counts, context, json);
            }).Span);
            output.Write("}\n\n"u8);
        }

        output.Write("data: [DONE]\n\n"u8);
    }
}
