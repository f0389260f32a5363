using System.Globalization;
using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Upstream.Media;
using Sommelier.Wire;

namespace Sommelier.Upstream;

/// <summary>A request as it goes out, with what was lost on the way to it.</summary>
internal sealed class UpstreamRequest : IDisposable
{
    /// <summary>Where to.</summary>
    public required BoundEndpoint Endpoint { get; init; }

    /// <summary>Whose.</summary>
    public required BoundProvider Provider { get; init; }

    /// <summary>For whom it is written.</summary>
    public required WireTarget Target { get; init; }

    /// <summary>Whether caller and provider speak the same format, so that the answer's bytes are passed on, once it is checked where it must be.</summary>
    public required bool PassThrough { get; init; }

    /// <summary>What is sent.</summary>
    public required HttpRequestMessage Message { get; init; }

    /// <summary>What the target cannot express.</summary>
    public required IReadOnlyList<Warning> Warnings { get; init; }

    /// <summary>Tools that were sent under another name; null when none was.</summary>
    public RenamedTools? RenamedTools { get; init; }

    /// <summary>The form that the answer must be checked for, because the target is not known to enforce it; null when it does, or none was asked for.</summary>
    public AnswerForm? Form { get; init; }

    /// <summary>Writes a caller's request for a deployment.</summary>
    /// <param name="call">What the caller wants.</param>
    /// <param name="deployment">Who is asked.</param>
    /// <param name="provider">Whose it is.</param>
    /// <param name="endpoint">Where it goes, from <see cref="EndpointFor"/>.</param>
    /// <param name="media">Media of the call that the target would not fetch; null when there is none.</param>
    /// <param name="uploads">Files of the call that the target was sent ahead; null when there are none.</param>
    /// <exception cref="WireException">The caller's request is wrong: names the field and the remedy.</exception>
    public static UpstreamRequest Write(
        InboundCall call, Deployment deployment, BoundProvider provider, BoundEndpoint endpoint, FetchedMedia? media, UploadedFiles? uploads = null)
    {
        var target = endpoint.TargetFor(deployment);
        var inBody = target.Quirks.BodyVersion is not null;
        if (inBody && call.ForwardedHeaders.Count > 0)
        {
            target = target with { Betas = Betas(call) };
        }

        var isSameFormat = ReferenceEquals(endpoint.Format, call.Format);
        var passThrough = isSameFormat && call.Sent is null && endpoint.Format.Requests.CanForward(call.Outline, target);
        var warnings = new List<Warning>();
        var body = new PooledBuffer((int)Math.Min(call.Body.Length + 256 + (media?.Base64Length ?? 0), Array.MaxLength));
        AnswerForm? form;
        RenamedTools? renamed = null;
        Reasoning? reasoning = null;
        if (!isSameFormat)
        {
            LostHeaders.Warn(call.ForwardedHeaders, warnings);
        }

        if (call.OutputCap is not null)
        {
            warnings.Add(new Warning("output_capped_by_budget", "max_tokens", string.Create(CultureInfo.InvariantCulture, $"{call.OutputCap} tokens are what the budget affords")));
        }

        try
        {
            if (media is null && passThrough && call.OutputCap is null)
            {
                endpoint.Format.Requests.Forward(call.Body, call.Outline, target, body, warnings);
            }
            else
            {
                var request = call.Seals.Restore(call.RequestFor(deployment), endpoint.Format.SealVendor);
                reasoning = request.Reasoning;
                if (media is not null)
                {
                    request = media.Put(request, warnings);
                }
                else if (uploads is not null)
                {
                    request = uploads.Put(request);
                }

                if (!isSameFormat)
                {
                    request = PlainWords.In(request, endpoint.Format, warnings);
                }

                if (!passThrough)
                {
                    CheckChoice(request);
                    request = BegunAnswer.For(AnswerReach.Within(request, isSameFormat || (call.Format.LogProbs && endpoint.Format.LogProbs), warnings), call, deployment, target, endpoint.Format, warnings);
                    renamed = RenamedTools.Of(request, endpoint.Format.ToolNames);
                    request = renamed?.Put(request, warnings) ?? request;
                }

                endpoint.Format.Requests.Write(request, target, body, warnings);
            }

            form = AnswerForm.IsOwed(call.Outline, target.Quirks, warnings) ? call.Form : null;
            form?.Warn(call.Outline, warnings);
            CallerFields.Rename(call.Format.Name, warnings, reasoning);
        }
        catch
        {
            body.Dispose();
            throw;
        }

        return new()
        {
            Endpoint = endpoint,
            Provider = provider,
            Target = target,
            PassThrough = passThrough,
            Message = Compose(call, deployment, provider, endpoint, isSameFormat, inBody, body),
            Warnings = warnings,
            RenamedTools = renamed,
            Form = form,
        };
    }

    // Vendors refuse it, each with words of its own for a field that the caller may not know.
    private static void CheckChoice(ChatRequest request)
    {
        if (request is { Tools.Count: 0, ToolChoice.Mode: ToolChoiceMode.Required or ToolChoiceMode.Named })
        {
            var field = CallerFields.Name(request.Format, "tool_choice");
            throw WireException.Invalid(field, $"'{field}' demands a call, and no tools are offered. Offer them in '{CallerFields.Name(request.Format, "tools")}', or leave '{field}' out.");
        }
    }

    /// <summary>Where a caller's request for a deployment goes.</summary>
    /// <exception cref="WireException">The deployment serves no such requests, or cannot have what the caller's vendor keeps for it.</exception>
    public static BoundEndpoint EndpointFor(InboundCall call, Deployment deployment, BoundProvider provider, TimeProvider time)
    {
        var endpoint = provider.EndpointFor(call.Format, deployment, time) ?? throw WireException.Invalid(
            "model", $"{deployment.Id} {call.Format.Below?.Lack ?? "has no endpoint for this kind of request. Name a model that serves it."}");
        StoredFiles.Check(call, endpoint.Format, provider.Binding.Provider, deployment);
        if (call.Outline.Guarded && !ReferenceEquals(endpoint.Format, call.Format))
        {
            throw WireException.Invalid(
                "guardrailConfig", $"'guardrailConfig' names a guardrail that Amazon Bedrock enforces, which {deployment.Id} would answer without. Name a model of Bedrock's, or leave it out to be answered unguarded.");
        }

        return call.Outline.StoredPrompt && !ReferenceEquals(endpoint.Format, call.Format) ? throw StoredPrompt(call.Format, deployment) : endpoint;
    }

    private static WireException StoredPrompt(IWireFormat format, Deployment deployment) => string.Equals(format.SealVendor, Seals.Google, StringComparison.Ordinal)
        ? WireException.Invalid(
            "cachedContent", $"'cachedContent' names content that Google keeps, which {deployment.Id} cannot read. Send it in 'systemInstruction', 'tools' and 'contents', or name a model of Google's.")
        : WireException.Invalid(
            "prompt", $"'prompt' names a prompt that OpenAI keeps, which {deployment.Id} cannot read. Send its text in 'instructions' and 'input', or name a model of OpenAI's.");

    /// <summary>The caller's fields that the target would not get, for callers that would rather be refused; null when there are none.</summary>
    public GatewayError? LossFor(Deployment deployment)
    {
        List<string>? fields = null;
        foreach (var warning in Warnings)
        {
            if (string.Equals(warning.Code, "dropped", StringComparison.Ordinal))
            {
                (fields ??= []).Add(warning.Field);
            }
        }

        return fields is null ? null : GatewayError.Invalid(
            fields[0],
            $"strict: {deployment.Id} cannot express {string.Join(", ", fields)}. Leave them out, choose another model, or send strict: false.");
    }

    /// <summary>Shows the provider who we are. Ends at once for a key in a header, which is there already.</summary>
    public ValueTask AuthorizeAsync(CancellationToken cancellationToken) => Provider.Binding.Auth is { } auth && Message.Content is PooledContent content
        ? auth.ApplyAsync(Message, content.Body, cancellationToken)
        : ValueTask.CompletedTask;

    /// <summary>Whether the request is worth sending again after a refusal, with another token: see <see cref="Auth.IRequestAuth.RenewAsync"/>.</summary>
    public ValueTask<bool> RenewAsync(UpstreamReply refusal, CancellationToken cancellationToken) => Provider.Binding.Auth is { } auth
        ? auth.RenewAsync(Message, refusal.Status, refusal.Header, cancellationToken)
        : new(false);

    /// <summary>Whether the whole request has gone out.</summary>
    public bool Sent => Message.Content is PooledContent { Sent: true };

    /// <summary>Gives the body's memory back, once the answer has begun and as soon as all of it has gone out: a stream may last for minutes.</summary>
    public void Release() => Message.Content?.Dispose();

    /// <inheritdoc/>
    public void Dispose() => Message.Dispose();

    private static string[] Betas(InboundCall call) =>
        [.. call.ForwardedHeaders
            .Where(static header => string.Equals(header.Key, "anthropic-beta", StringComparison.OrdinalIgnoreCase))
            .SelectMany(static header => LostHeaders.Split(header.Value))];

    private static HttpRequestMessage Compose(
        InboundCall call, Deployment deployment, BoundProvider provider, BoundEndpoint endpoint, bool isSameFormat, bool inBody, PooledBuffer body)
    {
        var message = new HttpRequestMessage(HttpMethod.Post, endpoint.AddressOf(call, deployment)) { Content = new PooledContent(body) };
        message.Headers.TryAddWithoutValidation("Accept", call.Outline.Stream ? endpoint.Format.Streams.ContentType : "application/json");
        if (isSameFormat && !inBody)
        {
            foreach (var header in call.ForwardedHeaders)
            {
                if (endpoint.Format.Forwards(header, call.Outline))
                {
                    message.Headers.TryAddWithoutValidation(header.Key, header.Value);
                }
            }
        }

        provider.SetHeaders(message);
        if (!inBody)
        {
            foreach (var (name, value) in endpoint.Format.Headers)
            {
                if (!message.Headers.NonValidated.Contains(name))
                {
                    message.Headers.TryAddWithoutValidation(name, value);
                }
            }
        }

        if (provider.Binding.ConnectTimeout != UpstreamHttp.DefaultConnectTimeout)
        {
            message.Options.Set(UpstreamHttp.ConnectTimeoutKey, provider.Binding.ConnectTimeout);
        }

        return message;
    }
}
