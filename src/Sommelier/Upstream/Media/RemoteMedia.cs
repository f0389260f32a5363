using System.Collections.Concurrent;
using Sommelier.Canonical;
using Sommelier.Wire;
using Sommelier.Wire.BedrockConverse;
using Sommelier.Wire.Gemini;

namespace Sommelier.Upstream.Media;

/// <summary>Fetches what a call's media addresses lead to, for targets that fetch nothing themselves.</summary>
internal static class RemoteMedia
{
    /// <summary>The most addresses of one call.</summary>
    public const int MaxFiles = 20;

    private const int AtOnce = 4;

    // Whoever holds the room is waiting for the beginning of an answer.
    private static readonly TimeSpan BusyPause = TimeSpan.FromSeconds(1);
    private const MediaKind Fetchable = MediaKind.Image | MediaKind.Audio | MediaKind.Document;

    /// <summary>Whether a call for a target may have addresses to follow. Costs a search of the body only where there is media.</summary>
    public static bool MayBeNeeded(InboundCall call, BoundEndpoint endpoint, WireTarget target) =>
        call.Media.Fetch
        && (call.Outline.Media & Kinds(call, endpoint, target)) != MediaKind.None
        && MediaAddresses.MayHold(call.Body.Span);

    /// <summary>Fetches a call's media; null when there is none to fetch for this endpoint. A file is fetched once however often it is asked for.</summary>
    /// <param name="call">What the caller wants.</param>
    /// <param name="endpoint">For whom.</param>
    /// <param name="target">For which of its models.</param>
    /// <param name="fetcher">The way out.</param>
    /// <param name="within">The time that the call has left; longer than zero.</param>
    /// <param name="cancellationToken">Cancelled when the caller goes away.</param>
    /// <exception cref="WireException">Something cannot be fetched: names the field and why.</exception>
    public static async ValueTask<FetchedMedia?> FetchAsync(InboundCall call, BoundEndpoint endpoint, WireTarget target, MediaFetcher fetcher, TimeSpan within, CancellationToken cancellationToken)
    {
        var options = call.Media.Timeout <= within ? call.Media : call.Media with { Timeout = within };
        var wanted = new Dictionary<(string Uri, MediaKind Kind), string>();
        var kinds = Kinds(call, endpoint, target);
        Collect(call.Request.SystemInstructions, kinds, endpoint.Format, call.Format, wanted);
        foreach (var message in call.Request.Messages)
        {
            Collect(message.Parts, kinds, endpoint.Format, call.Format, wanted);
        }

        if (wanted.Count == 0)
        {
            return null;
        }

        if (wanted.Count > MaxFiles)
        {
            throw WireException.Invalid(wanted.Values.ElementAt(MaxFiles), $"The model does not fetch media by address, and the gateway fetches {MaxFiles} files per request at most. Send the others as data.");
        }

        // One that failed fails again, without another wait.
        if (call.FetchFailure is { } failure)
        {
            throw failure;
        }

        var files = call.Fetched ??= new ConcurrentDictionary<(string Uri, MediaKind Kind), FetchedFile>();
        var budget = new MediaBudget(options.MaxCallBytes);
        try
        {
            await Parallel.ForEachAsync(
                wanted.Where(file => !files.ContainsKey(file.Key)).ToArray(),
                new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
                async (file, cancel) => files[file.Key] = await FetchAsync(file.Key.Uri, file.Key.Kind, file.Value, options, fetcher, budget, cancel));
        }
        catch (WireException refused)
        {
            call.FetchFailure = refused;
            throw;
        }

        return new(files);
    }

    private static async Task<FetchedFile> FetchAsync(string uri, MediaKind kind, string field, MediaOptions options, MediaFetcher fetcher, MediaBudget budget, CancellationToken cancellationToken)
    {
        try
        {
            return await fetcher.FetchAsync(uri, kind, options, budget, cancellationToken);
        }
        catch (MediaRefusedException refused)
        {
            // The path and the query may hold what nobody else should read.
            var host = Uri.TryCreate(uri, UriKind.Absolute, out var parsed) ? parsed.IdnHost : "the address";
            var message = $"Media of {host} could not be fetched: {refused.Message}. ";
            throw refused.IsBusy
                ? new WireException(new(GatewayErrorKind.UpstreamUnavailable, message + "Try again later, or send it as data instead.", 503, RetryAfter: BusyPause))
                : WireException.Invalid(field, message + "Send it as data instead.");
        }
    }

    // The kinds of media that the target would not read by address.
    private static MediaKind Kinds(InboundCall call, BoundEndpoint endpoint, WireTarget target)
    {
        var isSameFormat = ReferenceEquals(endpoint.Format, call.Format);

        // What is said to Google in Google's own words is for Google to read.
        return target.Quirks.RemoteImages ? isSameFormat ? MediaKind.None : endpoint.Format.BytesOnly
            : isSameFormat && IsGoogle(endpoint.Format) ? MediaKind.None
            : Fetchable;
    }

    // Each address with the field of the caller's that names it first.
    private static void Collect(IReadOnlyList<ContentPart> parts, MediaKind kinds, IWireFormat target, IWireFormat caller, Dictionary<(string Uri, MediaKind Kind), string> wanted)
    {
        foreach (var part in parts)
        {
            if (part is ToolCallResponsePart response)
            {
                Collect(response.Parts, kinds, target, caller, wanted);
            }
            else if (part is UriPart uri && (uri.Kind & kinds) != MediaKind.None && !(IsGoogle(target) && GoogleFiles.AreRead(uri.Uri)) && !(IsBedrock(target) && AmazonFiles.Are(uri.Uri)))
            {
                var field = CallerFields.Media(caller.Name, uri);
                wanted.TryAdd(IsWeb(uri.Uri) ? (uri.Uri, uri.Kind) : throw WireException.Invalid(
                    field, "The model does not read media by address, and the gateway fetches http and https addresses only. Send it as data instead."), field);
            }
        }
    }

    private static bool IsWeb(string uri) =>
        uri.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || uri.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    private static bool IsBedrock(IWireFormat format) => string.Equals(format.Name, BedrockConverseFormat.FormatName, StringComparison.Ordinal);

    private static bool IsGoogle(IWireFormat format) => string.Equals(format.Name, GeminiFormat.FormatName, StringComparison.Ordinal);
}
