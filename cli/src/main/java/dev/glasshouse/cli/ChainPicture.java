package dev.glasshouse.cli;

import dev.glasshouse.cli.Canvas.Role;
import dev.glasshouse.sampling.StageRecord;
import java.util.ArrayList;
import java.util.List;

/** The chain of stages in its order, on as many lines as it takes; stages that are switched off stand in brackets. */
final class ChainPicture {
    private static final int MARGIN = 7;

    private ChainPicture() {}

    static List<String> lines(List<StageRecord> stages, Canvas canvas) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder(canvas.paint(Role.STRONG, "chain") + "  ");
        int used = MARGIN;
        for (int i = 0; i < stages.size(); i++) {
            StageRecord stage = stages.get(i);
            String text = stage.active() ? StageText.full(stage) : "(" + stage.name() + ")";
            String arrow = i == stages.size() - 1 ? "" : " " + canvas.arrow() + " ";
            if (used + text.length() + arrow.stripTrailing().length() > canvas.width()) {
                lines.add(line.toString().stripTrailing());
                line = new StringBuilder(" ".repeat(MARGIN));
                used = MARGIN;
            }
            line.append(stage.active() ? text : canvas.paint(Role.FAINT, text)).append(arrow);
            used += text.length() + arrow.length();
        }
        lines.add(line.toString().stripTrailing());
        return lines;
    }
}
