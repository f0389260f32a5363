using System.Globalization;
using System.Text;
using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Configuration.Keys;
using Sommelier.Providers;
using Sommelier.TestKit;
using Sommelier.Wire;

namespace Sommelier.Tests.Providers;

public sealed class ProviderDocumentTests
{
    [Fact]
    public void The_example_is_the_file_that_it_names()
    {
        var root = Repository.Root;
        var text = File.ReadAllText(Path.Combine(root, "docs", "extending", "provider.md"));
        const string Mark = "<!-- src/Sommelier/Providers/Groq.cs -->\n```csharp\n";
        var start = text.IndexOf(Mark, StringComparison.Ordinal) + Mark.Length;
        Assert.True(start >= Mark.Length, "docs/extending/provider.md has lost its example.");
        var example = text[start..text.IndexOf("```", start, StringComparison.Ordinal)];

        Assert.Equal(File.ReadAllText(Path.Combine(root, "src", "Sommelier", "Providers", "Groq.cs")), example);
    }

    [Fact]
    public void The_list_of_providers_is_what_the_registry_holds()
    {
        var text = new StringBuilder(
            """
            # Providers

            Generated from `src/Sommelier/Providers` by `tests/Sommelier.Tests/Providers/ProviderDocumentTests.cs`; `APPROVE=1 ./test`
            writes it anew. Tests hold every endpoint over a real socket and a scripted server. Those for chats, in
            `tests/Sommelier.Tests/Providers/ProviderConformanceTests.cs`: path, key, an answer whole and streamed with its counts and
            price, errors with their kind and wait, an error inside a stream, a caller that leaves; what each is sent for a request that
            asks for everything, with its address and headers, stands in `tests/Sommelier.Tests/Approved/ProviderRequests.txt`. Those for
            vectors, in `tests/Sommelier.Tests/Providers/ProviderEmbeddingTests.cs`: path, key, an answer with its counts and price, errors
            with their kind and wait. Those of `openai-completions`, in
            `tests/Sommelier.Tests/Wire/OpenAICompletions/CompletionTests.cs`: path, bytes, an answer whole and streamed with its counts; errors
            at some of them. `in-process`: `tests/Sommelier.Server.Tests/Clients/ChatClientUpstreamTests.cs`. No provider's own servers were
            called.

            A provider is used by its name under `providers` in [configuration.md](configuration.md). Where its address has settings, they
            stand under `settings` there, or in the variables named here. Without a key, clouds are shown the identity that the process
            finds around it (AWS: variables, web identity, profile, container, instance; Google: application default credentials or
            the metadata server; Azure: client secret, federated token, managed identity), as [configuration.md](configuration.md) says.
            What models can do is written in the words of `capabilities` there, each with the number of models that the catalog says it of.
            A JSON schema is trusted to models that have `json_schema`. Where the catalog or the configuration lists what a model can do
            without it, the schema is asked for in another way; of a model without such a list it is asked as the format asks it. In both
            cases the answer is checked: see [faults.md](faults.md).


            """);
        foreach (var provider in ProviderRegistry.All)
        {
            Describe(provider, text);
        }

        Approved.Equal(text.ToString(), "docs", "providers.md");
    }

    private static void Describe(Provider provider, StringBuilder text)
    {
        text.Append(CultureInfo.InvariantCulture, $"## {provider.Name}\n\n");
        var address = provider.AddressOf(name => provider.Settings.Single(setting => setting.Name == name).Default ?? $"my-{name.Replace('_', '-')}") ?? provider.BaseAddress;
        text.Append(CultureInfo.InvariantCulture, $"- Address: {(address is null ? "its own; set `base_url`" : $"`{Uri.UnescapeDataString(address.AbsoluteUri)}`")}\n");
        foreach (var setting in provider.Settings)
        {
            text.Append(CultureInfo.InvariantCulture, $"- Setting `{setting.Name}`: {setting.Summary}{(setting.Default is null ? "" : $"; default `{setting.Default}`")}{(setting.Variables.Count == 0 ? "" : $"; else {Names(setting.Variables)}")}\n");
        }

        var identity = provider.Identity == CloudIdentity.None ? "" : $"; without one, the identity at {provider.Identity.ToString().ToUpperInvariant()}";
        text.Append(CultureInfo.InvariantCulture, $"- Key: {(provider.ApiKeyVariables.Count == 0 ? "`api_key`" : $"`api_key`, else {Names(provider.ApiKeyVariables)}")}, shown as `{provider.AuthHeader("KEY").Key}`{identity}\n");
        var speaks = provider.Endpoints.Select(static endpoint => endpoint.Format).ToHashSet(StringComparer.Ordinal);
        IReadOnlyList<Deployment> models = [.. BundledCatalog.Provider(provider.Name).Deployments.Where(model => model.WireFormat.Length == 0 || speaks.Contains(model.WireFormat))];
        foreach (var endpoint in provider.Endpoints)
        {
            text.Append(CultureInfo.InvariantCulture, $"- Speaks `{endpoint.Format}` at `{endpoint.Path}`{(endpoint.StreamPath is { } stream ? $", streams at `{stream}`" : "")}{Quirks(provider, endpoint)}{(IsUsual(provider, endpoint, models) ? "" : $"; only for models with `wire: {endpoint.Format}`")}\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"- Models in the catalog: {(models.Count == 0 ? provider.LocalPorts.Count > 0 ? "none; they are found on the server, or add them under `models`" : "none; add them under `models`" : Models(models))}\n\n");
    }

    // Whether requests go there though the configuration does not say so: a model of the catalog's, or one that nothing is known of.
    private static bool IsUsual(Provider provider, ProviderEndpoint endpoint, IReadOnlyList<Deployment> models) =>
        provider.Endpoints.Count(other => other.Format == endpoint.Format) > 1 || WireFormats.Get(endpoint.Format).Operation != Operation.Chat || endpoint.Serves?.Invoke(Unknown) is not false || models.Any(model => model.WireFormat == endpoint.Format || (model.WireFormat.Length == 0 && endpoint.Serves!(model)));

    // How many, of which date the newest fact is, and how many of them can do what.
    private static string Models(IReadOnlyList<Deployment> models)
    {
        var date = models.Max(static model => model.Price?.SourceDate);
        var abilities = Words.Capabilities.Select(word => (Word: word, Count: models.Count(model => model.Can(Words.Capability(word))))).Where(static each => each.Count > 0);
        return string.Create(CultureInfo.InvariantCulture, $"{models.Count}{(date is { } day ? $", prices of {day:yyyy-MM-dd}" : "")}. Of them {string.Join(", ", abilities.Select(static each => $"`{each.Word}` {each.Count}"))}");
    }

    private static string Names(IEnumerable<string> variables) => string.Join(" or ", variables.Select(static name => $"`{name}`"));

    private static Deployment Unknown { get; } = new() { Id = "p/m", Provider = "p", Model = "m", CanonicalModel = "m" };

    // Departures from the format's own vendor that hold for every model.
    private static string Quirks(Provider provider, ProviderEndpoint endpoint)
    {
        var quirks = provider.Quirks(Unknown, endpoint.Format);
        var usual = WireQuirks.Default;
        var said = new List<string>();
        if (quirks.Unsupported.Count + quirks.UnsupportedInside.Count > 0)
        {
            said.Add($"leaves out {string.Join(", ", quirks.Unsupported.Concat(quirks.UnsupportedInside).Order(StringComparer.Ordinal).Select(static name => $"`{name}`"))}");
        }

        Add(quirks.Renamed.Count > 0, string.Join(", ", quirks.Renamed.Select(static pair => $"`{pair.Key}` goes as `{pair.Value}`")));
        Add(quirks.MaxTemperature < usual.MaxTemperature, string.Create(CultureInfo.InvariantCulture, $"temperature up to {quirks.MaxTemperature}"));
        Add(quirks.JsonSchema == JsonSchemaSupport.JsonObjectOnly, "schemas in words, JSON objects natively");
        Add(!quirks.ToolChoice, "no tool choice");
        Add(!quirks.ToolChoiceNamed, "no tool forced by name");
        Add(!quirks.RemoteImages, "media by address only from its own services, if at all");
        Add(quirks.DisplayNames, "bytes may have a name");
        Add(quirks.ToolCallIdLength is not null, $"ids of tool calls have {quirks.ToolCallIdLength} letters");
        Add(!quirks.DoneMark, "a stream ends without a mark");
        Add(quirks.ReasoningReplayField is not null, $"thinking comes back as `{quirks.ReasoningReplayField}`");
        Add(quirks.BodyVersion is not null, $"the body says `{quirks.BodyVersion}`");
        Add(quirks.FramedEvents, "events inside AWS frames");
        Add(quirks.ErrorHost != ErrorHost.None, "the host's errors come in the host's shape");
        Add(quirks.MaxInputs is not null, string.Create(CultureInfo.InvariantCulture, $"up to {quirks.MaxInputs} inputs in one request, more in several"));
        Add(endpoint.OwnCallersOnly, "for callers of that format alone");
        return said.Count == 0 ? "" : $": {string.Join("; ", said)}";

        void Add(bool holds, string words)
        {
            if (holds)
            {
                said.Add(words);
            }
        }
    }
}
