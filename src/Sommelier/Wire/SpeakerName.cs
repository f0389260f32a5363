using Sommelier.Canonical;

namespace Sommelier.Wire;

/// <summary>What a message says of who speaks, which only OpenAI's formats have a field for.</summary>
internal static class SpeakerName
{
    /// <summary>Warns that a name is lost. A tool's is not: it is the function's, which its call names.</summary>
    /// <param name="message">The message.</param>
    /// <param name="warnings">Takes the loss.</param>
    public static void Warn(Message message, ICollection<Warning> warnings)
    {
        if (message.Name is not null && message.Role != Role.Tool)
        {
            warnings.Add(new Warning("dropped", message.Place.At("name").ToString(), "the target's wire format knows no names of speakers"));
        }
    }
}
