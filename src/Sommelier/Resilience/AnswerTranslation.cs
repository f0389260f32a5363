using System.Buffers;
using System.Text;
using Sommelier.Canonical;
using Sommelier.Upstream;
using Sommelier.Wire;

namespace Sommelier.Resilience;

/// <summary>A whole answer in the caller's dialect.</summary>
/// <param name="Body">Its bytes: the vendor's own where they are passed on.</param>
/// <param name="Facts">What the record needs to know of it.</param>
/// <param name="Warnings">What was lost on both ways.</param>
/// <param name="Failure">Why it must not reach the caller: it has not the form that was asked for. Null for a good one.</param>
internal readonly record struct TranslatedAnswer(PooledBuffer Body, AnswerFacts Facts, IReadOnlyList<Warning> Warnings, UpstreamFailure? Failure = null);

/// <summary>Makes what a vendor sent in one piece into what the caller asked for: as it is, translated, or as a stream.</summary>
internal static class AnswerTranslation
{
    /// <summary>Translates.</summary>
    /// <exception cref="UpstreamException">The bytes are an error in disguise, empty, or not of the format.</exception>
    public static TranslatedAnswer Whole(AttemptScope scope, PooledBuffer body)
    {
        var request = scope.Request;
        var format = request.Endpoint.Format;
        var quirks = request.Target.Quirks;
        var isStream = BodyShapes.Of(body.Span) == BodyShape.Events;
        if (request.PassThrough && !isStream && !scope.Call.Outline.Stream && format.Responses.Fits(body.Span, scope.Call.Outline)
            && format.Responses.Scan(body.Span, quirks) is { IsLoose: false } scanned)
        {
            var read = request.Form is null ? null : format.Responses.Read(body.Span, quirks);
            if (read is null || ReferenceEquals(AnswerForm.Unfenced(read), read))
            {
                var head = Checked(scanned, scope.Call.Outline);
                return read is not null && request.Form!.Check(read) is { } wrong
                    ? new(body, head, request.Warnings, wrong)
                    : new(Passed(scope, body), head, request.Warnings);
            }
        }

        var response = isStream ? Collect(format, quirks, body.Span) : format.Responses.Read(body.Span, quirks);
        response = new AnswerCalls(request.RenamedTools, scope.Call).Of(response);
        var facts = Checked(FactsOf(response), scope.Call.Outline);
        var warnings = new List<Warning>(request.Warnings);
        if (request.Form is not null && AnswerForm.Unfenced(response) is var bare && !ReferenceEquals(bare, response))
        {
            warnings.AddRange(AnswerForm.FenceTaken(scope.Call.Format, response));
            response = bare;
        }

        if (request.Form?.Check(response) is { } invalid)
        {
            return new(body, facts, request.Warnings, invalid);
        }

        response = response.Usage == facts.Usage ? response : response with { Usage = facts.Usage };
        scope.Call.Note(response.Parts);
        var output = new PooledBuffer(body.Length + 1024);
        try
        {
            if (scope.Call.Outline.Stream)
            {
                var encoder = scope.CreateEncoder();
                foreach (var step in ResponseSteps.Of(response))
                {
                    encoder.Write(step, output);
                }

                warnings.AddRange(encoder.Warnings);
            }
            else
            {
                scope.Call.Format.Responses.Write(response, scope.ReplyContext(), output, warnings);
            }
        }
        catch
        {
            output.Dispose();
            throw;
        }

        return new(output, facts, warnings);
    }

    // A vector too few would give every later text another's. Clients of embeddings count on usage, so it is estimated where it lacks.
    private static AnswerFacts Checked(AnswerFacts facts, RequestOutline outline)
    {
        if (facts.Vectors != outline.Inputs)
        {
            throw UpstreamException.Protocol($"There are {facts.Vectors} vectors for {outline.Inputs} inputs.");
        }

        if (outline.Operation == Operation.Embeddings)
        {
            facts.Usage = UsageEstimate.Whole(facts, outline);
        }

        return facts;
    }

    private static PooledBuffer Passed(AttemptScope scope, PooledBuffer body)
    {
        if (scope.Call.Format.Responses.Restored(body.Span, scope.Call.Reply) is not { } restored)
        {
            return body;
        }

        var output = new PooledBuffer(restored.Length);
        output.Write(restored.Span);
        return output;
    }

    /// <summary>The answer that a stream to its end mark makes.</summary>
    /// <exception cref="UpstreamException">It failed, or lacks its end mark.</exception>
    public static ChatResponse Collect(IWireFormat format, WireQuirks quirks, ReadOnlySpan<byte> body)
    {
        using var decoder = format.Streams.CreateDecoder(quirks);
        var steps = new List<ChatDelta>();
        decoder.Decode(body, steps);
        decoder.Complete(steps);
        var collector = new StepCollector();
        foreach (var step in steps)
        {
            collector.Add(step);
        }

        if (collector.Failure is { } failure)
        {
            throw new UpstreamException(failure);
        }

        if (!decoder.Ended && !collector.Ended)
        {
            throw UpstreamException.Protocol("The answer came as a stream that ended without its end mark.");
        }

        return collector.Answer() ?? throw new UpstreamException(new(UpstreamFailureKind.EmptyAnswer, "The stream ended with nothing in it."));
    }

    private static AnswerFacts FactsOf(ChatResponse response)
    {
        var facts = new AnswerFacts
        {
            Id = response.Id,
            ResponseModel = response.ResponseModel,
            Conversation = response.Conversation,
            ServedAs = response.ServiceTier,
            Usage = response.Usage,
            FinishReason = response.Embeddings.Count > 0 ? null : response.FinishReason,
            Vectors = response.Embeddings.Count,
        };
        foreach (var part in response.Parts)
        {
            facts.HasToolCall |= part is ToolCallPart;
            facts.OutputBytes += part switch
            {
                TextPart text => Encoding.UTF8.GetByteCount(text.Text),
                RefusalPart refusal => Encoding.UTF8.GetByteCount(refusal.Text),
                ReasoningPart reasoning => Encoding.UTF8.GetByteCount(reasoning.Text),
                ToolCallPart call => Encoding.UTF8.GetByteCount(call.Arguments),
                _ => 0,
            };
        }

        return facts;
    }
}
