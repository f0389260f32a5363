using System.Buffers;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.CustomTools;

namespace Sommelier.Wire.OpenAIResponses;

/// <summary>The output of a stream that is being written: begins, continues and ends its items.</summary>
internal sealed class ResponsesOutput(ResponsesEventWriter events, ResponsesEnvelope envelope)
{
    private readonly List<ResponsesOutItem> items = [];
    private readonly ResponsesMessageEvents messages = new(events);

    /// <summary>What stands around the output.</summary>
    public ResponsesEnvelope Envelope => envelope;

    private ResponsesOutItem? Last => items.Count > 0 && !items[^1].Closed ? items[^1] : null;

    /// <summary>Text or a refusal.</summary>
    public void Said(int part, string text, bool isRefusal, IBufferWriter<byte> output)
    {
        var message = Last is { Kind: ResponsesOutKind.Message } open ? open : Begin(ResponsesOutKind.Message, Id("msg_"), part, default, output);
        var piece = message.Parts.Count > 0 && message.Parts[^1] is { Closed: false } last && last.Part == part && last.IsRefusal == isRefusal
            ? last
            : messages.Begin(message, part, isRefusal, output);
        if (text.Length > 0)
        {
            messages.Delta(message, piece, text, output);
        }
    }

    /// <summary>How likely each token of a text was, from a vendor that says so beside the text or behind it: a piece without words, or the next one, has it.</summary>
    public void LogProbs(string list, IBufferWriter<byte> output)
    {
        messages.LogProbs = TokenLogProbs.Join(messages.LogProbs, list);
        if (Last is { Kind: ResponsesOutKind.Message, Parts: [.., { Closed: false, IsRefusal: false } piece] } message)
        {
            messages.Delta(message, piece, "", output);
        }
    }

    /// <summary>Whether there are some whose text never came.</summary>
    public bool HasLogProbs => messages.LogProbs is not null;

    /// <summary>A page that a text is taken from.</summary>
    public void Cited(CitationDelta delta, IBufferWriter<byte> output)
    {
        if (Find(delta.Index) is not { } place)
        {
            Said(delta.Index, "", isRefusal: false, output);
            place = Find(delta.Index)!.Value;
        }

        if (delta.Citation.End is null && !place.Piece.Closed)
        {
            place.Piece.Waiting.Add(delta.Citation);
        }
        else
        {
            messages.Annotate(place.Message, place.Piece, delta.Citation, output);
        }
    }

    private (ResponsesOutItem Message, ResponsesOutPart Piece)? Find(int part)
    {
        foreach (var item in items)
        {
            if (item.Parts.FindLast(piece => piece.Part == part && !piece.IsRefusal) is { } piece)
            {
                return (item, piece);
            }
        }

        return null;
    }

    /// <summary>Thinking, or its seal.</summary>
    public void Thought(ReasoningDelta delta, IBufferWriter<byte> output)
    {
        var item = Last is { Kind: ResponsesOutKind.Thinking } open && open.Part == delta.Index
            ? open
            : Begin(ResponsesOutKind.Thinking, ThinkingId(delta), delta.Index, default, output);
        if ((delta.Signature ?? delta.Redacted) is { } seal)
        {
            // The id has been told already, except where the seal is all there is.
            item.Seal = ResponsesThinking.Of(delta.Vendor, item.Id, seal, envelope.Id, item.Output).Seal;
        }

        if (delta.Text.Length == 0)
        {
            return;
        }

        if (item.Text.Length == 0)
        {
            Summary("response.reasoning_summary_part.added", item, "", output);
        }

        item.Text.Append(delta.Text);
        events.Delta("response.reasoning_summary_text.delta", item, "summary_index", 0, delta.Text, output);
    }

    /// <summary>A tool call begins.</summary>
    public void CallStarts(ToolCallStartDelta call, IBufferWriter<byte> output)
    {
        var tool = envelope.FindTool(call.Name);
        var custom = call.IsCustom || tool?.Custom is not null;
        Begin(ResponsesOutKind.Call, Id(custom ? "ctc_" : "fc_"), call.Index, (call.Id, call.Name, tool?.Origin), output, custom ? new() : null);
    }

    /// <summary>More of a call's arguments.</summary>
    public void Arguments(ToolCallArgumentsDelta delta, IBufferWriter<byte> output)
    {
        if (delta.Arguments.Length > 0 && items.FindLast(item => item.Kind == ResponsesOutKind.Call && item.Part == delta.Index && !item.Closed) is { } call)
        {
            Piece(call, call.Input is { } input ? input.Add(delta.Arguments) : delta.Arguments, output);
        }
    }

    private void Piece(ResponsesOutItem call, string text, IBufferWriter<byte> output)
    {
        if (text.Length > 0)
        {
            call.Text.Append(text);
            var json = events.Open($"response.{ArgumentsOf(call).Family}.delta", call, output);
            json.WriteString("delta", text);
            events.Close();
        }
    }

    private static (string Family, string Member) ArgumentsOf(ResponsesOutItem call) =>
        call.Input is null ? ("function_call_arguments", "arguments") : ("custom_tool_call_input", CustomTool.Input);

    /// <summary>A part has ended.</summary>
    public void PartEnds(int part, IBufferWriter<byte> output)
    {
        foreach (var item in items)
        {
            if (item.Closed)
            {
                continue;
            }

            if (item.Kind == ResponsesOutKind.Message && item.Parts is [.., { Closed: false } last] && last.Part == part)
            {
                // Another part of the message may follow; the message ends with the next item.
                messages.End(item, last, output);
            }
            else if (item.Kind is ResponsesOutKind.Call or ResponsesOutKind.Thinking && item.Part == part)
            {
                End(item, "completed", output);
            }
        }
    }

    /// <summary>A step of this format's own that has no place in our words.</summary>
    public void Opaque(OpaqueDelta step, IBufferWriter<byte> output)
    {
        if (step.Type is TokenLogProbs.Name)
        {
            messages.LogProbs = step.Json;
            return;
        }

        using var document = JsonDocument.Parse(step.Json);
        if (!step.Type.StartsWith("response.", StringComparison.Ordinal))
        {
            if (step.Type is not "event")
            {
                Whole(step.Json, output);
            }

            return;
        }

        if (step.Type is "response.output_item.added")
        {
            BeginOpaque(document.RootElement.TryGetProperty("item", out var item) ? item.GetRawText() : "{}", output);
            return;
        }

        Repeat(step.Type, document.RootElement, output);
    }

    /// <summary>Ends all that is open.</summary>
    /// <param name="status">What the last one says of itself; those before it are complete.</param>
    /// <param name="output">Takes the events.</param>
    public void CloseAll(string status, IBufferWriter<byte> output)
    {
        foreach (var item in items)
        {
            if (!item.Closed)
            {
                End(item, ReferenceEquals(item, items[^1]) ? status : "completed", output);
            }
        }
    }

    /// <summary>Writes the items that have ended.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartArray("output");
        foreach (var item in items)
        {
            ResponsesEventWriter.Write(item, json);
        }

        json.WriteEndArray();
    }

    private string Id(string prefix) => ResponsesIds.Item(prefix, envelope.Id, items.Count);

    private string ThinkingId(ReasoningDelta delta) => ResponsesThinking.Of(delta.Vendor, delta.Id, delta.Signature ?? delta.Redacted, envelope.Id, items.Count).Id;

    private ResponsesOutItem Begin(ResponsesOutKind kind, string id, int part, (string, string, ToolOrigin?) call, IBufferWriter<byte> output, InputUnwrapper? input = null)
    {
        CloseSaid(output);
        var item = new ResponsesOutItem(kind, items.Count, id) { Part = part, Call = call, Input = input };
        items.Add(item);
        events.Item("response.output_item.added", item, output);
        return item;
    }

    private void BeginOpaque(string json, IBufferWriter<byte> output)
    {
        CloseSaid(output);
        var item = new ResponsesOutItem(ResponsesOutKind.Opaque, items.Count, "") { Json = json };
        items.Add(item);
        events.Item("response.output_item.added", item, output);
    }

    private void Whole(string json, IBufferWriter<byte> output)
    {
        if (Last is not { Kind: ResponsesOutKind.Opaque })
        {
            BeginOpaque(json, output);
        }

        items[^1].Json = json;
        End(items[^1], "completed", output);
    }

    private void CloseSaid(IBufferWriter<byte> output)
    {
        if (Last is { Kind: not ResponsesOutKind.Call } open)
        {
            End(open, "completed", output);
        }
    }

    private void Summary(string type, ResponsesOutItem item, string text, IBufferWriter<byte> output)
    {
        var json = events.Open(type, item, output);
        json.WriteNumber("summary_index", 0);
        json.WriteStartObject("part");
        json.WriteString("type", "summary_text");
        json.WriteString("text", text);
        json.WriteEndObject();
        events.Close();
    }

    private void End(ResponsesOutItem item, string status, IBufferWriter<byte> output)
    {
        switch (item.Kind)
        {
            case ResponsesOutKind.Message when item.Parts is [.., { Closed: false } last]:
                messages.End(item, last, output);
                break;
            case ResponsesOutKind.Call:
                EndCall(item, output);
                break;
            case ResponsesOutKind.Thinking when item.Text.Length > 0:
                var json = events.Open("response.reasoning_summary_text.done", item, output);
                json.WriteNumber("summary_index", 0);
                json.WriteString("text", item.Text.ToString());
                events.Close();
                Summary("response.reasoning_summary_part.done", item, item.Text.ToString(), output);
                break;
        }

        item.Status = status;
        item.Closed = true;
        events.Item("response.output_item.done", item, output);
    }

    private void EndCall(ResponsesOutItem item, IBufferWriter<byte> output)
    {
        var (family, member) = ArgumentsOf(item);
        if (item.Input is { } input)
        {
            Piece(item, input.End(), output);
        }
        else if (item.Text.Length == 0)
        {
            Piece(item, "{}", output);
        }

        var json = events.Open($"response.{family}.done", item, output);
        if (item.Input is null)
        {
            json.WriteString("name", item.Call.Origin?.Name ?? item.Call.Name);
        }

        json.WriteString(member, item.Text.ToString());
        events.Close();
    }

    // A step of the vendor's own about the open item: the same, with our numbers and ids.
    private void Repeat(string type, JsonElement step, IBufferWriter<byte> output)
    {
        if (Last is not { } item)
        {
            return;
        }

        if (step.TryGetProperty("annotation", out var annotation) && item.Parts is [.., var part])
        {
            part.Annotations.Add(annotation.GetRawText());
        }

        var json = events.Open(type, output);
        foreach (var property in step.EnumerateObject())
        {
            switch (property.Name)
            {
                case "type" or "sequence_number":
                    break;
                case "output_index":
                    json.WriteNumber("output_index", item.Output);
                    break;
                case "item_id" when item.Id.Length > 0:
                    json.WriteString("item_id", item.Id);
                    break;
                case "content_index":
                    json.WriteNumber("content_index", Math.Max(item.Parts.Count - 1, 0));
                    break;
                default:
                    ResponsesFields.Write(property, json);
                    break;
            }
        }

        events.Close();
    }
}
