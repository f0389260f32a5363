using System.Buffers;
using System.Text;
using Sommelier.Canonical;
using Sommelier.Wire.Citations;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.OpenAIResponses;

/// <summary>The events of what stands in a message: each text or refusal begins, grows, cites and ends.</summary>
internal sealed class ResponsesMessageEvents(ResponsesEventWriter events)
{
    /// <summary>The log probabilities of the next text, a JSON list; null for none.</summary>
    public string? LogProbs { get; set; }

    /// <summary>Begins a piece, and ends the one before.</summary>
    public ResponsesOutPart Begin(ResponsesOutItem message, int part, bool isRefusal, IBufferWriter<byte> output)
    {
        if (message.Parts is [.., { Closed: false } last])
        {
            End(message, last, output);
        }

        var piece = new ResponsesOutPart(part, isRefusal);
        message.Parts.Add(piece);
        Part("response.content_part.added", message, piece, output);
        return piece;
    }

    /// <summary>More of the last piece.</summary>
    public void Delta(ResponsesOutItem message, ResponsesOutPart piece, string text, IBufferWriter<byte> output)
    {
        piece.Text.Append(text);
        var json = events.Open(piece.Names.Delta, message, output);
        json.WriteNumber("content_index", message.Parts.Count - 1);
        json.WriteString("delta", text);
        if (!piece.IsRefusal)
        {
            json.WritePropertyName("logprobs");
            json.WriteRawValue(LogProbs ?? "[]", skipInputValidation: true);
            if (LogProbs is { Length: > 2 } given)
            {
                piece.LogProbs.Append(piece.LogProbs.Length > 0 ? "," : "").Append(given.AsSpan(1, given.Length - 2));
            }

            LogProbs = null;
        }

        events.Close();
    }

    /// <summary>A page that a piece is taken from.</summary>
    public void Annotate(ResponsesOutItem message, ResponsesOutPart piece, Citation citation, IBufferWriter<byte> output)
    {
        var raw = Encoding.UTF8.GetString(JsonBytes.Value(writer =>
            UrlCitations.Write(citation, citation.Start ?? 0, citation.End ?? piece.Text.Length, OpenAIResponsesFormat.FormatName, nested: false, writer)).Span);
        var json = events.Open("response.output_text.annotation.added", message, output);
        json.WriteNumber("content_index", message.Parts.IndexOf(piece));
        json.WriteNumber("annotation_index", piece.Annotations.Count);
        json.WritePropertyName("annotation");
        json.WriteRawValue(raw, skipInputValidation: true);
        events.Close();
        piece.Annotations.Add(raw);
    }

    /// <summary>Ends the last piece.</summary>
    public void End(ResponsesOutItem message, ResponsesOutPart piece, IBufferWriter<byte> output)
    {
        foreach (var citation in piece.Waiting)
        {
            Annotate(message, piece, citation, output);
        }

        var json = events.Open(piece.Names.Done, message, output);
        json.WriteNumber("content_index", message.Parts.Count - 1);
        json.WriteString(piece.Names.Member, piece.Text.ToString());
        if (!piece.IsRefusal)
        {
            json.WritePropertyName("logprobs");
            json.WriteRawValue($"[{piece.LogProbs}]", skipInputValidation: true);
        }

        events.Close();
        Part("response.content_part.done", message, piece, output);
        piece.Closed = true;
    }

    private void Part(string type, ResponsesOutItem message, ResponsesOutPart piece, IBufferWriter<byte> output)
    {
        var json = events.Open(type, message, output);
        json.WriteNumber("content_index", message.Parts.Count - 1);
        json.WritePropertyName("part");
        ResponsesEventWriter.Write(piece, json);
        events.Close();
    }
}
