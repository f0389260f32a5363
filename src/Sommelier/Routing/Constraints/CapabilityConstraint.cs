using Sommelier.Canonical;
using Sommelier.Catalog;

namespace Sommelier.Routing.Constraints;

/// <summary>What the request needs and the deployment is not known to be able to do.</summary>
/// <remarks>
/// JSON output is emulated on models that have tools or the other JSON mode, and a begun answer is sent as an ordinary
/// turn, with a warning; under <c>strict</c> both must be native.
/// </remarks>
internal sealed class CapabilityConstraint : IConstraint
{
    private const Capabilities EmulatesJson = Capabilities.JsonSchema | Capabilities.JsonObject | Capabilities.Tools;

    public string Name => "capability";

    public bool BindsNamed => false;

    public bool Allows(RouteContext context, in Candidate candidate) =>
        candidate.Deployment.Can(context.Needed) && CanShape(context, candidate.Deployment);

    public string Explain(RouteContext context, in Candidate candidate)
    {
        var missing = context.Needed & ~candidate.Deployment.Capabilities;
        var names = new List<string>();
        foreach (var (flag, name) in Words)
        {
            if (missing.HasFlag(flag))
            {
                names.Add(name);
            }
        }

        if (!CanShape(context, candidate.Deployment))
        {
            names.Add(context.Signals.ResponseFormat switch
            {
                ResponseFormatKind.JsonSchema when !HasJson(context, candidate.Deployment) => "JSON schema output",
                ResponseFormatKind.JsonObject when !HasJson(context, candidate.Deployment) => "JSON output",
                _ => "continuing a begun answer",
            });
        }

        return "not known to do: " + string.Join(", ", names);
    }

    private static bool CanShape(RouteContext context, Deployment deployment) =>
        HasJson(context, deployment)
        && (!context.Signals.Prefill || context.Query.Hints.Strict != true || deployment.Can(Capabilities.Prefill));

    private static bool HasJson(RouteContext context, Deployment deployment)
    {
        if (context.Signals.ResponseFormat == ResponseFormatKind.Text)
        {
            return true;
        }

        if (context.Query.Hints.Strict != true)
        {
            return (deployment.Capabilities & EmulatesJson) != Capabilities.None;
        }

        return deployment.Can(context.Signals.ResponseFormat == ResponseFormatKind.JsonSchema ? Capabilities.JsonSchema : Capabilities.JsonObject);
    }

    private static readonly (Capabilities Flag, string Name)[] Words =
    [
        (Capabilities.Vision, "images"),
        (Capabilities.Audio, "audio"),
        (Capabilities.Video, "video"),
        (Capabilities.Pdf, "PDF documents"),
        (Capabilities.Tools, "tools"),
        (Capabilities.Streaming, "streaming"),
        (Capabilities.Reasoning, "reasoning"),
    ];
}
