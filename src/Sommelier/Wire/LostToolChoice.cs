using Sommelier.Canonical;

namespace Sommelier.Wire;

/// <summary>Tells that a demanded call was not demanded, because the target has none of the tools on offer.</summary>
internal static class LostToolChoice
{
    /// <summary>Warns where a call was demanded.</summary>
    public static void Warn(ToolChoice? choice, ICollection<Warning> warnings)
    {
        if (choice?.Mode is ToolChoiceMode.Required or ToolChoiceMode.Named)
        {
            warnings.Add(new Warning("dropped", "tool_choice", "there is no tool to choose"));
        }
    }
}
