using System.Text.Json.Nodes;

namespace Sommelier.Evals.Importing.Promptfoo;

/// <summary>Reads <c>providers</c>: whom to ask, and what of their settings belongs to the requests of a suite.</summary>
internal sealed class PromptfooProviders(string file, ImportNotes notes)
{
    private static readonly string[] Connection = ["apiKey", "apiKeyEnvar", "apiBaseUrl", "apiHost", "basePath", "organization", "headers", "maxRetries", "timeout", "region"];

    private readonly List<string> models = [];
    private readonly List<JsonObject> requests = [];

    /// <summary>The models that the gateway knows providers of.</summary>
    public IReadOnlyList<string> Models => models;

    /// <summary>What all providers agree on, as a suite's defaults.</summary>
    public JsonObject Defaults { get; } = [];

    /// <summary>The transform that all providers agree on; null for none.</summary>
    public string? Transform { get; private set; }

    /// <summary>Reads the key.</summary>
    public void Read(JsonNode? given)
    {
        var number = 0;
        var transforms = new List<string?>();
        foreach (var item in JsonTexts.List(given))
        {
            var path = $"providers[{number++}]";
            var (id, settings) = PromptfooModels.Read(item);
            if (id is not null && PromptfooModels.Find(id) is { } model)
            {
                models.Add(model);
            }
            else
            {
                notes.Lost(file, path, $"'{id ?? "?"}' is no provider of the gateway", "Add it to sommelier.yaml, and name it with --models");
            }

            var provider = new ImportGroup(settings, file, path, notes);
            provider.Ignore("id", "label", "delay");
            transforms.Add(provider.Text("transform"));
            Request(new(provider["config"] as JsonObject ?? [], file, provider.At("config"), notes));
            provider.NoteRest();
        }

        Agree();
        if (transforms.Distinct(StringComparer.Ordinal).ToArray() is [{ } same])
        {
            Transform = same;
        }
        else if (transforms.Exists(static transform => transform is not null))
        {
            notes.Lost(file, "providers", "the providers' transforms differ", "Give each its own suite, with its transform in defaults");
        }
    }

    private void Request(ImportGroup config)
    {
        var request = new JsonObject();
        var rest = new JsonObject();
        foreach (var (key, value) in config.Values)
        {
            switch (key)
            {
                case "temperature":
                    request["temperature"] = config[key]?.DeepClone();
                    break;
                case "max_tokens" or "max_completion_tokens" or "max_output_tokens":
                    request["max_tokens"] = config[key]?.DeepClone();
                    break;
                case "tools":
                    request["tools"] = config[key]?.DeepClone();
                    break;
                case "top_p" or "stop" or "seed" or "presence_penalty" or "frequency_penalty" or "response_format" or "reasoning_effort" or "tool_choice":
                    rest[key] = config[key]?.DeepClone();
                    break;
                case var _ when Connection.Contains(key, StringComparer.Ordinal):
                    config.Ignore(key);
                    notes.Lost(file, config.At(key), "how a provider is reached and with which key belongs to the gateway", "Say it in sommelier.yaml");
                    break;
            }
        }

        if (rest.Count > 0)
        {
            request["params"] = rest;
        }

        requests.Add(request);
        config.NoteRest();
    }

    private void Agree()
    {
        foreach (var key in requests.SelectMany(static request => request.Select(static pair => pair.Key)).Distinct(StringComparer.Ordinal))
        {
            if (requests.TrueForAll(request => JsonNode.DeepEquals(request[key], requests[0][key])))
            {
                Defaults[key] = SuiteText.Literal(requests[0][key]);
            }
            else
            {
                notes.Lost(file, "providers", $"the providers differ in {key}", "A suite asks all models the same: give each its own suite");
            }
        }
    }
}
