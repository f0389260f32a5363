using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Wire;

namespace Sommelier.Providers;

/// <summary>How a provider is shown who we are.</summary>
public enum AuthScheme
{
    /// <summary><c>Authorization: Bearer KEY</c>.</summary>
    Bearer,

    /// <summary><c>x-api-key: KEY</c>.</summary>
    XApiKey,

    /// <summary><c>api-key: KEY</c> (Azure).</summary>
    ApiKey,

    /// <summary><c>x-goog-api-key: KEY</c> (Google).</summary>
    XGoogApiKey,

    /// <summary>No key; one that is configured is sent as a bearer key.</summary>
    None,
}

/// <summary>Whose identity is shown to a provider when no key is configured.</summary>
public enum CloudIdentity
{
    /// <summary>Nobody's: it needs a key, or none.</summary>
    None,

    /// <summary>An AWS account: requests are signed (Signature Version 4).</summary>
    Aws,

    /// <summary>A Google Cloud service account, user or machine: short-lived bearer tokens.</summary>
    Google,

    /// <summary>A Microsoft Entra application or managed identity: short-lived bearer tokens.</summary>
    Azure,
}

/// <summary>An address of a provider and the wire format that it speaks there.</summary>
/// <param name="Format">The wire format's name, e.g. <c>openai-chat</c>.</param>
/// <param name="Path">
/// Relative to the base address, e.g. <c>chat/completions</c>. <c>{model}</c> stands for the escaped model name, and
/// <c>{+model}</c> for one whose slashes stay (RFC 6570).
/// </param>
public sealed record ProviderEndpoint(string Format, string Path)
{
    /// <summary>Where streams are asked for, where that is another path; null when the body alone says so.</summary>
    public string? StreamPath { get; init; }

    /// <summary>What a request puts before the path, e.g. <c>threads/ID/</c> or nothing; null where no request does.</summary>
    public Func<ChatRequest, string>? Prefix { get; init; }

    /// <summary>Where a file can be uploaded before a request that needs it, relative to the base address; null when files travel in the request.</summary>
    public string? UploadPath { get; init; }

    /// <summary>Where a run is stopped whose caller has left, relative to the base address, with <c>{task}</c> for its id; null where closing the connection stops it.</summary>
    public string? StopPath { get; init; }

    /// <summary>The model's name as it is sent here, where that differs from the deployment's; null: as it is.</summary>
    public Func<Deployment, string>? ModelName { get; init; }

    /// <summary>Whether only callers of its very format are sent there, unless a deployment names that format: it holds less than the provider's others do.</summary>
    public bool OwnCallersOnly { get; init; }

    /// <summary>Whether it serves a deployment that does not name a wire format; null: every one.</summary>
    public Func<Deployment, bool>? Serves { get; init; }
}

/// <summary>Something that a provider's address is made of: a region, a project, a resource's name.</summary>
/// <param name="Name">The key under <c>settings</c>, e.g. <c>project</c>.</param>
/// <param name="Summary">What it is, for the documentation.</param>
/// <param name="Variables">Environment variables that may hold it, first one wins.</param>
/// <param name="Default">Taken when nobody says; null: it must be said.</param>
public sealed record ProviderSetting(string Name, string Summary, IReadOnlyList<string> Variables, string? Default = null);

/// <summary>A place that serves models: where it lives, what it speaks, how it departs from the format's own vendor.</summary>
/// <remarks>
/// Facts and quirks only: it never sends. Reading and writing is the wire format's job, sending is Upstream's, trying
/// again is Resilience's. A new provider is one file in this folder and one line in <see cref="ProviderRegistry"/>.
/// </remarks>
public abstract class Provider
{
    /// <summary>The name of OpenAI's chat format.</summary>
    protected const string OpenAIChat = "openai-chat";

    /// <summary>The name of Anthropic's messages format.</summary>
    protected const string AnthropicMessages = "anthropic-messages";

    /// <summary>The name of OpenAI's responses format.</summary>
    protected const string OpenAIResponses = "openai-responses";

    /// <summary>The name of OpenAI's older completions format.</summary>
    protected const string OpenAICompletions = "openai-completions";

    /// <summary>The name of OpenAI's embeddings format.</summary>
    protected const string OpenAIEmbeddings = "openai-embeddings";

    /// <summary>The name of Google's format.</summary>
    protected const string GeminiFormat = "gemini";

    /// <summary>The name in configuration and the prefix of every deployment id, e.g. <c>groq</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The <c>gen_ai.provider.name</c> value of OpenTelemetry, where it differs from <see cref="Name"/>.</summary>
    public virtual string TelemetryName => Name;

    /// <summary>
    /// Where requests go when the configuration names no other address; ends with a slash. Null for a kind of server that
    /// has no address of its own: the configuration must then give <c>base_url</c>.
    /// </summary>
    public abstract Uri? BaseAddress { get; }

    /// <summary>What its address is made of; empty where <see cref="BaseAddress"/> is the same for everybody.</summary>
    public virtual IReadOnlyList<ProviderSetting> Settings => [];

    /// <summary>The address that its settings make; ends with a slash. Default: <see cref="BaseAddress"/>.</summary>
    /// <param name="setting">The value of each of <see cref="Settings"/>, by its name.</param>
    public virtual Uri? AddressOf(Func<string, string> setting) => BaseAddress;

    /// <summary>Where its settings say that models run (<c>eu</c>, <c>us</c> …); null: the catalog knows.</summary>
    public virtual string? RegionOf(Func<string, string> setting) => null;

    /// <summary>Whose identity is shown when no key is configured.</summary>
    public virtual CloudIdentity Identity => CloudIdentity.None;

    /// <summary>With an AWS identity: the name of the service that requests are signed for.</summary>
    public virtual string SigningService => "bedrock";

    /// <summary>Environment variables that may hold the key, first one wins; empty for servers without keys.</summary>
    public virtual IReadOnlyList<string> ApiKeyVariables => [];

    /// <summary>What it speaks, its own format first.</summary>
    public virtual IReadOnlyList<ProviderEndpoint> Endpoints => [new(OpenAIChat, "chat/completions")];

    /// <summary>How the key is shown.</summary>
    public virtual AuthScheme Auth => AuthScheme.Bearer;

    /// <summary>The header in which a key is shown. Default: as <see cref="Auth"/> says.</summary>
    public virtual KeyValuePair<string, string> AuthHeader(string key) => Auth switch
    {
        AuthScheme.XApiKey => new("x-api-key", key),
        AuthScheme.ApiKey => new("api-key", key),
        AuthScheme.XGoogApiKey => new("x-goog-api-key", key),
        _ => new("Authorization", $"Bearer {key}"),
    };

    /// <summary>Headers that every request carries, e.g. <c>anthropic-version</c>.</summary>
    public virtual IReadOnlyList<KeyValuePair<string, string>> Headers => [];

    /// <summary>Whether it may have the files that callers of its formats name by an id: the format's own vendor, and who passes requests on to it or is not known.</summary>
    public virtual bool ReadsFileIds => false;

    /// <summary>
    /// Whether its models are applications, which act by themselves (tools, workflows): a run that has begun, or may have, is never
    /// begun again for the same request, neither there nor at another application.
    /// </summary>
    public virtual bool RunsApplications => false;

    /// <summary>Whether it keeps conversations that callers of its format go on with by an answer's id (Anthropic's <c>thread</c>).</summary>
    public virtual bool KeepsThreads => false;

    /// <summary>Where its list of models stands, relative to the base address; null when it has none.</summary>
    public virtual string? ModelsPath => "models";

    /// <summary>Ports on which a local server of this kind is looked for; empty for hosted providers.</summary>
    public virtual IReadOnlyList<int> LocalPorts => [];

    /// <summary>How it, and the given model at it, departs from the format's own vendor.</summary>
    public virtual WireQuirks Quirks(Deployment deployment, string format) => WireQuirks.Default;
}
