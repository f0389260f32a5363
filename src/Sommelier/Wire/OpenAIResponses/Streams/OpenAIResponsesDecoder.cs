using System.Text;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Sse;

namespace Sommelier.Wire.OpenAIResponses;

/// <summary>Reads a stream of events into our own steps.</summary>
internal sealed class OpenAIResponsesDecoder(WireQuirks quirks) : StreamDecoder
{
    private readonly SseReader reader = new();
    private readonly ResponsesItemTracker items = new();
    private ResponsesSearches searches;
    private bool started;
    private bool failed;

    /// <inheritdoc/>
    public override void Decode(ReadOnlySpan<byte> chunk, ICollection<ChatDelta> output)
    {
        while (!failed && !Ended && reader.TryRead(ref chunk, out var item))
        {
            Event(item, output);
        }
    }

    /// <inheritdoc/>
    public override void Complete(ICollection<ChatDelta> output)
    {
        if (failed || Ended || !reader.TryReadRest(out var rest))
        {
            return;
        }

        // An event that the end of the connection cut is nothing; that the answer is not whole tells Ended.
        try
        {
            Event(rest, output);
        }
        catch (UpstreamException)
        {
            Ended = false;
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        reader.Dispose();
        base.Dispose(disposing);
    }

    private void Event(SseEvent item, ICollection<ChatDelta> output)
    {
        var data = item.Data.Trim(" \t"u8);

        // Some servers add the chat format's mark; here it means nothing.
        if (data.IsEmpty || data.SequenceEqual("[DONE]"u8))
        {
            return;
        }

        try
        {
            Event(data, output);
        }
        catch (JsonException)
        {
            throw UpstreamException.Protocol("A streamed event is not JSON.");
        }
        catch (WireException error)
        {
            throw UpstreamException.Protocol($"A streamed event is not of the format: {error.Message}");
        }
    }

    private void Event(ReadOnlySpan<byte> data, ICollection<ChatDelta> output)
    {
        var scan = ResponsesEventScan.Read(data);
        switch (scan.Kind)
        {
            case ResponsesEventKind.Error:
                Fail(OpenAIResponsesAnswers.Failure(data), output);
                break;
            case ResponsesEventKind.Failed:
                Fail(OpenAIResponsesAnswers.Failure(data[scan.Response]), output);
                break;
            case ResponsesEventKind.Begun:
                Start(data[scan.Response], output);
                break;
            case ResponsesEventKind.Ended:
                End(data[scan.Response], output);
                break;
            default:
                Start(default, output);
                searches.Take(scan.Kind, data[scan.Item]);
                WebSearches = searches.Count;
                items.Take(scan, data, output);
                break;
        }
    }

    private void Start(ReadOnlySpan<byte> response, ICollection<ChatDelta> output)
    {
        if (started)
        {
            return;
        }

        started = true;
        if (response.IsEmpty)
        {
            output.Add(new StartDelta(null, null));
            return;
        }

        var answer = ResponsesAnswerScan.Read(response, quirks);
        output.Add(new StartDelta(Text(response, answer.Id), Text(response, answer.Model)));
    }

    private void End(ReadOnlySpan<byte> response, ICollection<ChatDelta> output)
    {
        var answer = ResponsesAnswerScan.Read(response, quirks);
        if (answer.IsError)
        {
            Fail(OpenAIResponsesAnswers.Failure(response), output);
            return;
        }

        if (answer.Items == 0 && !items.Any && answer.Status == ResponsesStatus.Completed)
        {
            Fail(OpenAIResponsesAnswers.Empty(), output);
            return;
        }

        Start(response, output);
        if (!items.Any)
        {
            items.TakeAll(response, output);
        }

        items.Close(output);
        if (answer.Usage is { } usage)
        {
            output.Add(new UsageDelta(usage));
        }

        output.Add(new FinishDelta(answer.Finish(items.HasCall)));
        Ended = true;
        output.Add(EndDelta.Instance);
    }

    private void Fail(UpstreamFailure failure, ICollection<ChatDelta> output)
    {
        failed = true;
        output.Add(new FailureDelta(failure));
    }

    private static string? Text(ReadOnlySpan<byte> json, Range range) => range.Equals(default) ? null : Encoding.UTF8.GetString(json[range]);
}
