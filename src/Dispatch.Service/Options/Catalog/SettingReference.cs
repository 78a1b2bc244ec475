using System.Text;

namespace TrafficDispatch.Service.Options.Catalog;

/// <summary>Makes the page <c>docs/reference/configuration.md</c> from the catalog.</summary>
internal static class SettingReference
{
    /// <summary>The page; a test holds the file against it and can write it anew.</summary>
    public static string Render()
    {
        StringBuilder page = new();
        page.Append("""
            # Configuration

            All settings of the service, made from the program that reads them. They come from the command line (`--Solve:Interval=00:01:00`), the environment
            (`Solve__Interval=00:01:00`, two underscores for each colon) or `appsettings.json` beside the program, the first of these that names one. All are checked
            before anything starts: every fault is printed with its value and its rule, a setting that is not here is one, and the exit code is 2. What is in force is logged.
            Times are `hours:minutes:seconds`, with days before a dot: `1.12:00:00`.

            """);
        foreach (SettingGroup group in SettingCatalog.Groups)
        {
            page.Append("\n## ").Append(group.Title).Append("\n\n");
            if (group.Intro.Length > 0) page.Append(group.Intro).Append("\n\n");
            page.Append("| setting | may be | default | |\n| --- | --- | --- | --- |\n");
            foreach (Setting setting in group.Settings) Append(page, setting);
        }
        return page.ToString();
    }

    private static void Append(StringBuilder page, Setting setting) => page
        .Append("| `").Append(setting.Key).Append("` | ").Append(Form(setting.Form)).Append(" | ").Append(Default(setting)).Append(" | ").Append(setting.Words).Append(" |\n");

    private static string Form(SettingForm form) => form switch
    {
        WholeForm whole => whole.Range + (whole.OrOff ? ", `off`" : ""),
        NumberForm number => number.Range,
        TimeForm time => $"`{time.Least:c}` to `{time.Most:c}`",
        WordForm word => string.Join(", ", word.Values.Select(static v => $"`{v}`")),
        _ => form.Words,
    };

    private static string Default(Setting setting) =>
        setting.DefaultWords.Length > 0 ? setting.DefaultWords : setting.Default.Length > 0 ? $"`{setting.Default}`" : "–";
}
