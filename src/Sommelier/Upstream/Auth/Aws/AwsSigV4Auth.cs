using Microsoft.Extensions.Logging;

namespace Sommelier.Upstream.Auth;

/// <summary>Signs requests to AWS with the key of an account.</summary>
/// <remarks>Words for refused keys: AWS, "Common errors" of Amazon Bedrock.</remarks>
internal sealed class AwsSigV4Auth : IRequestAuth
{
    // The kinds of error that are about a key which has ended or was taken back, and not about what it may do.
    private static readonly string[] Refusals = ["ExpiredToken", "UnrecognizedClient", "InvalidClientTokenId"];

    private readonly AwsAuthOptions options;
    private readonly IAwsCredentialSource source;
    private readonly SigV4Signer signer;
    private readonly TimeProvider time;

    /// <summary>Signs as the options say.</summary>
    public AwsSigV4Auth(AwsAuthOptions options, SendRequest send, TimeProvider time, ILogger? logger = null)
    {
        (this.options, this.time) = (options, time);
        source = options.CreateSource(send, time, logger);
        signer = new(options.Region, options.Service);
    }

    /// <inheritdoc/>
    public ValueTask ApplyAsync(HttpRequestMessage request, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        // The configuration's own header wins, as everywhere.
        if (request.Headers.NonValidated.Contains("Authorization"))
        {
            return ValueTask.CompletedTask;
        }

        var credentials = source.GetAsync(cancellationToken);
        if (!credentials.IsCompletedSuccessfully)
        {
            return AwaitAsync(credentials, request, body);
        }

        SigV4Message.Sign(request, body.Span, credentials.Result, signer, time.GetUtcNow());
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> RenewAsync(HttpRequestMessage request, int status, Func<string, string?> header, CancellationToken cancellationToken)
    {
        if ((status != 401 && !(header("x-amzn-errortype") is { } type && Array.Exists(Refusals, refusal => type.StartsWith(refusal, StringComparison.Ordinal))))
            || !request.Headers.NonValidated.TryGetValues("Authorization", out var shown)
            || !await source.ReplaceAsync(shown.ToString(), cancellationToken))
        {
            return false;
        }

        SigV4Message.Strip(request);
        return true;
    }

    /// <inheritdoc/>
    public string WithoutSecrets(string text) => source.WithoutSecrets(text);

    /// <inheritdoc/>
    public override string ToString() => $"signatures for {options}";

    private async ValueTask AwaitAsync(ValueTask<AwsCredentials> credentials, HttpRequestMessage request, ReadOnlyMemory<byte> body)
    {
        var key = await credentials;
        SigV4Message.Sign(request, body.Span, key, signer, time.GetUtcNow());
    }
}
