using System.Globalization;
using System.Text;
using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Upstream;
using Sommelier.Wire;

namespace Sommelier.Resilience;

/// <summary>What the caller is told when nothing could answer: the most useful kind, in words that may leave the house.</summary>
internal sealed class FailureReport
{
    private const int MostNamed = 6;
    private readonly List<(string DeploymentId, UpstreamFailure Failure)> failures = [];

    /// <summary>What first kept a candidate from being asked: no endpoint for the request, a loss that a strict caller does not take, or media that could not be fetched for it.</summary>
    public GatewayError? Loss { get; set; }

    /// <summary>Whether an application may have run before it failed, so that no application was asked after it.</summary>
    public bool Ran { get; set; }

    /// <summary>Takes a failure.</summary>
    public void Add(Deployment deployment, UpstreamFailure failure) => failures.Add((deployment.Id, failure));

    /// <summary>The error of a failure that the caller gets at once.</summary>
    public static GatewayError Of(UpstreamFailure failure) => failure.Kind switch
    {
        // Too many bytes, which Anthropic's vendor and dialect tell from too many tokens.
        UpstreamFailureKind.ContextLengthExceeded when failure.Code is "request_too_large" => new(GatewayErrorKind.RequestTooLarge, Words(failure), 413, failure.Parameter),
        UpstreamFailureKind.ContextLengthExceeded =>
            new(GatewayErrorKind.ContextLengthExceeded, Words(failure), 400, failure.Parameter, "context_length_exceeded"),
        UpstreamFailureKind.ContentFiltered => new(GatewayErrorKind.ContentFiltered, Words(failure), 400, failure.Parameter, failure.Code),
        _ => new(GatewayErrorKind.UpstreamRejected, Words(failure), failure.Status is >= 400 and < 500 and var status ? status : 400, failure.Parameter, failure.Code),
    };

    // The vendor's words leave the house only when they are about the caller's own request.
    private static string Words(UpstreamFailure failure) =>
        failure.IsMessageSafe ? failure.Message : $"The provider refused the request ({Word(failure)}).";

    /// <summary>The error of an answer that broke off after its beginning had reached the caller: as the vendor called it, where that is the caller's affair.</summary>
    /// <remarks>
    /// A refused key and an empty account are the operator's: told as the caller's own, they would have a client throw away a
    /// good key. The wait stands in the words too, because most dialects have no field for it in a stream.
    /// </remarks>
    public static GatewayError Broken(Deployment deployment, UpstreamFailure failure)
    {
        var (kind, status, code) = failure.Kind switch
        {
            UpstreamFailureKind.Timeout => (GatewayErrorKind.UpstreamTimeout, 504, failure.Code),
            UpstreamFailureKind.RateLimited => (GatewayErrorKind.RateLimited, 429, failure.Code),
            UpstreamFailureKind.ContextLengthExceeded => (GatewayErrorKind.ContextLengthExceeded, 400, "context_length_exceeded"),
            UpstreamFailureKind.ContentFiltered => (GatewayErrorKind.ContentFiltered, 400, failure.Code),
            UpstreamFailureKind.InvalidRequest => (GatewayErrorKind.UpstreamRejected, 400, failure.Code),
            UpstreamFailureKind.Unavailable or UpstreamFailureKind.InvalidAnswer => (GatewayErrorKind.UpstreamUnavailable, 502, failure.Code),
            _ => (GatewayErrorKind.UpstreamUnavailable, 502, null),
        };
        var wait = failure.RetryAfter is { } after ? string.Create(CultureInfo.InvariantCulture, $" Try again after {Math.Ceiling(after.TotalSeconds)} s.") : "";
        var words = failure.Kind switch
        {
            UpstreamFailureKind.Timeout => $"The answer of {deployment.Id} stalled and was given up. What came so far is not complete.",
            UpstreamFailureKind.InvalidAnswer when failure.Code is AnswerForm.Code => $"The answer of {deployment.Id} has not the form that was asked for: {Word(failure)}. Do not use what came so far.",
            UpstreamFailureKind.InvalidAnswer when failure.Code is WithdrawnAnswer.Code => $"{deployment.Id} took back the text that it had streamed. Do not use what came so far; without 'stream' such an application gives its last word.",
            _ => $"The answer of {deployment.Id} broke off ({Word(failure)}). What came so far is not complete.",
        };
        return new(kind, words + wait, status, failure.IsMessageSafe ? failure.Parameter : null, IsToken(code) ? code : null, failure.RetryAfter);
    }

    // A vendor's code is a word; what is longer or has spaces in it may be anything.
    private static bool IsToken(string? code)
    {
        foreach (var letter in code ?? "")
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter is not ('_' or '-' or '.'))
            {
                return false;
            }
        }

        return code is { Length: > 0 and <= 64 };
    }

    /// <summary>The caller went away.</summary>
    public static GatewayError Canceled { get; } = new(GatewayErrorKind.Canceled, "The caller went away.", 499);

    /// <summary>The error when nobody is left to ask.</summary>
    /// <param name="format">The caller's format, in whose words fields are named.</param>
    public GatewayError Sum(string format)
    {
        var error = Summed(format);
        return Ran ? error with { Message = $"{error.Message} An application may have acted before it failed, so that it was not run again." } : error;
    }

    private GatewayError Summed(string format)
    {
        if (failures.Count == 0)
        {
            return Loss ?? new(
                GatewayErrorKind.NoProvider, "No provider is configured for the models that could answer. Add one under 'providers'.", 503, Code: "no_provider");
        }

        var overflow = failures.FindLastIndex(failed => failed.Failure.Kind == UpstreamFailureKind.ContextLengthExceeded);
        if (overflow >= 0)
        {
            return Of(failures[overflow].Failure);
        }

        if (failures.TrueForAll(failed => failed.Failure.Kind == UpstreamFailureKind.RateLimited))
        {
            return new(GatewayErrorKind.RateLimited, $"Everything that could answer is rate limited: {Named()}.", 429, RetryAfter: SmallestWait());
        }

        if (failures.TrueForAll(failed => IsOverload(failed.Failure)))
        {
            return new(GatewayErrorKind.Overloaded, $"Everything that could answer is overloaded: {Named()}.", 503, RetryAfter: SmallestWait());
        }

        // The vendor's own timer, or ours.
        if (failures.TrueForAll(failed => failed.Failure is { Kind: UpstreamFailureKind.Timeout } or { Kind: UpstreamFailureKind.Unavailable, Status: 504 } or { Code: "timeout_error" }))
        {
            return new(GatewayErrorKind.UpstreamTimeout, $"Nothing answered in time: {Named()}.", 504);
        }

        if (failures.TrueForAll(failed => failed.Failure.Kind == UpstreamFailureKind.ModelNotFound))
        {
            return new(
                GatewayErrorKind.UpstreamUnavailable, $"{Named()}. Whoever runs this gateway has to check the id of the model, and base_url, under 'providers'.", 502, "model", "model_not_found");
        }

        if (failures.TrueForAll(failed => failed.Failure is { Kind: UpstreamFailureKind.InvalidAnswer, Code: AnswerForm.Code }))
        {
            return new(
                GatewayErrorKind.UpstreamUnavailable, $"No answer had the form that was asked for: {Named()}. Name a model that enforces a schema, or simplify the schema.",
                502, CallerFields.Name(format, "response_format"), "invalid_answer");
        }

        // 503 where coming back later may help, 502 where somebody has to repair something.
        var passes = failures.Exists(failed => failed.Failure.Kind is UpstreamFailureKind.Unavailable or UpstreamFailureKind.RateLimited
            or UpstreamFailureKind.Timeout or UpstreamFailureKind.ConnectFailed);
        return new(GatewayErrorKind.UpstreamUnavailable, $"Nothing that could answer did: {Named()}.", passes ? 503 : 502, RetryAfter: passes ? SmallestWait() : null);
    }

    // 529 is Anthropic's; others say it in a word or a sentence with their 503 ("The model is overloaded. Please try again later.").
    private static bool IsOverload(UpstreamFailure failure) => failure.Kind == UpstreamFailureKind.Unavailable
        && (failure.Status is 529 || failure.Code?.Contains("overload", StringComparison.OrdinalIgnoreCase) == true
            || (failure.Status is 503 && failure.Message.Contains("overload", StringComparison.OrdinalIgnoreCase)));

    private TimeSpan? SmallestWait()
    {
        TimeSpan? smallest = null;
        foreach (var (_, failure) in failures)
        {
            if (failure.RetryAfter is { } wait && !(wait >= smallest))
            {
                smallest = wait;
            }
        }

        return smallest;
    }

    private string Named()
    {
        var text = new StringBuilder();
        for (var i = 0; i < Math.Min(failures.Count, MostNamed); i++)
        {
            text.Append(i == 0 ? "" : "; ").Append(failures[i].DeploymentId).Append(": ").Append(Word(failures[i].Failure));
        }

        return failures.Count > MostNamed
            ? text.Append(CultureInfo.InvariantCulture, $"; and {failures.Count - MostNamed} more").ToString()
            : text.ToString();
    }

    private static string Word(UpstreamFailure failure) => failure.Kind switch
    {
        UpstreamFailureKind.ConnectFailed => "no connection",
        UpstreamFailureKind.ConnectionLost => "connection lost",
        UpstreamFailureKind.Timeout => "too late",
        UpstreamFailureKind.Unavailable => "unavailable",
        UpstreamFailureKind.RateLimited => "rate limited",
        UpstreamFailureKind.QuotaExhausted => "quota used up",
        UpstreamFailureKind.AuthenticationFailed => "key refused",
        UpstreamFailureKind.ModelNotFound => "its provider does not know this model",
        UpstreamFailureKind.ContextLengthExceeded => "context window too small",
        UpstreamFailureKind.ContentFiltered => "content refused",
        UpstreamFailureKind.InvalidRequest => "request refused",
        UpstreamFailureKind.ProtocolError => "malformed answer",
        UpstreamFailureKind.InvalidAnswer => failure.Message,
        _ => "empty answer",
    };
}
