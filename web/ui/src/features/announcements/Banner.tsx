import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { useT } from '@/i18n';
import { announcementsQuery } from './api';
import './announcements.css';

/** One line above the page while an announcement waits to be confirmed. */
export function Banner() {
  const t = useT();
  const q = useQuery(announcementsQuery());
  const open = q.data?.filter((a) => a.must_confirm && !a.read_at) ?? [];
  if (open.length === 0) return null;
  return (
    <div className="announcement-banner" role="status">
      <Link to="/announcements">
        {t('有公告须您确认：{{title}}', { title: open.map((a) => a.title).join('、') })}
      </Link>
    </div>
  );
}
