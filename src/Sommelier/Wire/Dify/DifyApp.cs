namespace Sommelier.Wire.Dify;

/// <summary>What kind of app answers: each has a path and a shape of its own.</summary>
internal enum DifyApp
{
    /// <summary>A chatbot, an agent or a chatflow: <c>chat-messages</c>.</summary>
    Chat,

    /// <summary>A text generator: <c>completion-messages</c>.</summary>
    Completion,

    /// <summary>A workflow: <c>workflows/run</c>.</summary>
    Workflow,
}

/// <summary>Tells the kind of app from a model's name.</summary>
internal static class DifyApps
{
    /// <summary>
    /// The kind: a name that is <c>workflow</c> or <c>completion</c>, alone or before a hyphen (<c>workflow-invoices</c>), says so;
    /// every other name is a chat app's.
    /// </summary>
    public static DifyApp Of(string model) =>
        Begins(model, "workflow") ? DifyApp.Workflow : Begins(model, "completion") ? DifyApp.Completion : DifyApp.Chat;

    private static bool Begins(string model, string word) =>
        model.StartsWith(word, StringComparison.Ordinal) && (model.Length == word.Length || model[word.Length] == '-');
}
