namespace TrafficDispatch.Service.Options.Catalog;

/// <summary>A setting as it is declared: what it may hold is read by this, and the reference is made from it.</summary>
/// <param name="Key">Section and name, for instance <c>Solve:Interval</c>.</param>
/// <param name="Form">What it may hold.</param>
/// <param name="Default">What holds where it is absent, as it would be written; empty where that is nothing.</param>
/// <param name="Words">What it is for, in Markdown; links are from docs/reference.</param>
internal sealed record Setting(string Key, SettingForm Form, string Default, string Words)
{
    /// <summary>The default in words, where it cannot be written down as a value.</summary>
    public string DefaultWords { get; init; } = "";
}

/// <summary>Settings that belong together.</summary>
/// <param name="Title">What they are about.</param>
/// <param name="Intro">A sentence about all of them, in Markdown; may be empty.</param>
/// <param name="Settings">The settings.</param>
internal sealed record SettingGroup(string Title, string Intro, IReadOnlyList<Setting> Settings);
