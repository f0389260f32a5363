using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Ledger;
using Sommelier.Quality;

namespace Sommelier.Gateway;

/// <summary>What a caller is told of its feedback.</summary>
/// <param name="Feedback">What was stored.</param>
/// <param name="WhyNot">Why it does not count as evidence; null when it does.</param>
internal sealed record FeedbackReceipt(Feedback Feedback, string? WhyNot);

/// <summary>Takes <c>POST /v1/feedback</c>: callers rate answers to their own requests, once each; a later word replaces the earlier one.</summary>
internal sealed class FeedbackIntake(ILedgerQueries ledger, QualityBook book, TimeProvider time)
{
    private static readonly string[] Scores = ["score", "thumbs", "label"];
    private static readonly string[] Fields = ["request_id", .. Scores, "comment"];

    /// <summary>Reads, checks and stores feedback.</summary>
    /// <exception cref="GatewayException">The body is wrong, or the caller made no such request.</exception>
    public async ValueTask<FeedbackReceipt> TakeAsync(Caller caller, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var (requestId, score, comment) = ReadText(body);
        if (await ledger.GetAsync(requestId, cancellationToken) is not { } entry || !string.Equals(entry.CallerKeyId, caller.Id, StringComparison.Ordinal))
        {
            // Another caller's request is not told from none.
            throw new GatewayException(new(
                GatewayErrorKind.ModelNotFound,
                "There is no request of that id among those of your key. It is the value of x-sommelier-request-id, once the reply has ended; entries older than ledger.retention are deleted.",
                404,
                "request_id",
                "request_not_found"));
        }

        var answers = entry.Attempts.Where(static attempt => attempt.OutputCommitted).ToArray();
        if (entry is not { DeploymentId: { } deployment, Reason: { } reason })
        {
            throw new GatewayException(GatewayError.Invalid("request_id", "No model answered that request, so there is nothing to rate. Send the id of a request that was answered."));
        }

        var whyNot = entry switch
        {
            { Intent: null } => "the request has no intent: only conversations have one",
            { Abstained: true } => "the classifier was not sure of the request's intent",
            { Outcome: LedgerOutcome.Broken or LedgerOutcome.Canceled } => "the answer did not reach its end",
            _ when answers.Length > 1 => "more than one model wrote the answer",
            _ => null,
        };
        var feedback = new Feedback
        {
            RequestId = requestId,
            CallerId = caller.Id,
            At = time.GetUtcNow(),
            Score = score,
            Comment = comment,
            DeploymentId = deployment,
            ModelVersion = answers.Length == 1 ? answers[0].ResponseModel ?? "" : "",
            Intent = whyNot is null ? entry.Intent : null,
        };
        await book.PutAsync(feedback, cancellationToken);
        return new(feedback, whyNot);
    }

    private static (string RequestId, double Score, string? Comment) ReadText(ReadOnlyMemory<byte> body)
    {
        try
        {
            return Read(body);
        }
        catch (InvalidOperationException)
        {
            throw Wrong(null, "The body holds half a character: an escape of a surrogate without its other half.");
        }
    }

    private static (string RequestId, double Score, string? Comment) Read(ReadOnlyMemory<byte> body)
    {
        using var document = Parse(body);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw Wrong(null, "The body must be an object: { \"request_id\": \"…\", \"thumbs\": \"up\" }.");
        }

        foreach (var member in root.EnumerateObject())
        {
            if (!Fields.Contains(member.Name, StringComparer.Ordinal))
            {
                throw Wrong(member.Name.Length <= 60 ? member.Name : member.Name[..60], $"There is no such field. There are: {string.Join(", ", Fields)}.");
            }
        }

        var requestId = Text(root, "request_id");
        if (requestId is null || !RequestId.IsValid(requestId))
        {
            throw Wrong("request_id", "request_id must be the value of a reply's x-sommelier-request-id header.");
        }

        var comment = Text(root, "comment");
        return comment?.Length > Feedback.LongestComment
            ? throw Wrong("comment", $"comment has {comment.Length} characters; the most are {Feedback.LongestComment}.")
            : (requestId, Score(root), comment);
    }

    private static double Score(JsonElement root)
    {
        var given = Scores.Where(name => Given(root, name) is not null).ToArray();
        if (given is not [var only])
        {
            throw Wrong("score", given.Length == 0
                ? "Say how good the answer was: score (0 to 1), thumbs (up, down) or label (correct, partial, incorrect)."
                : $"{string.Join(" and ", given)} are given; send one of them.");
        }

        if (only is "score")
        {
            return Given(root, only) is { ValueKind: JsonValueKind.Number } number && number.TryGetDouble(out var score) && score is >= 0 and <= 1
                ? score
                : throw Wrong("score", "score must be a number from 0 (bad) to 1 (good).");
        }

        return (only, Text(root, only)) switch
        {
            ("thumbs", "up") => 1,
            ("thumbs", "down") => 0,
            ("label", "correct") => 1,
            ("label", "partial") => 0.5,
            ("label", "incorrect") => 0,
            ("thumbs", _) => throw Wrong("thumbs", "thumbs must be up or down."),
            _ => throw Wrong("label", "label must be correct, partial or incorrect."),
        };
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonDocument.Parse(body, new() { MaxDepth = 8 });
        }
        catch (JsonException wrong)
        {
            throw Wrong(null, $"The body is not JSON: {wrong.Message}");
        }
    }

    private static JsonElement? Given(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static string? Text(JsonElement root, string name) =>
        Given(root, name) is not { } value ? null : value.ValueKind == JsonValueKind.String ? value.GetString() : throw Wrong(name, $"{name} must be a text.");

    private static GatewayException Wrong(string? field, string message) => new(GatewayError.Invalid(field, message));
}
